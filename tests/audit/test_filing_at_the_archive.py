"""What stands in our log is told to the archive, under a name of its own, until it knows."""

import pytest
from celery.exceptions import Retry as CeleryRetry
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit import tasks
from audit.events import EntryRecorded
from audit.handlers import file_entry
from audit.keys import filing_key
from audit.models import AuditEntry
from deferral.errors import Bury
from deferral.handlers import JobSpec, job
from deferral.models import Job
from tests.audit.entries import write_down
from tests.audit.stand_in_archive import Archive
from tests.rig.jobs import run_as_a_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(db: None) -> AuditEntry:
    return write_down()


def filing(entry: AuditEntry) -> JobSpec:
    return job(tasks.file_entry, key=filing_key(entry.key), entry_id=entry.pk)


def test_an_entry_is_filed_under_the_jobs_key(entry: AuditEntry, archive: type[Archive]) -> None:
    run_as_a_worker(filing(entry))

    [(path, key, body)] = archive.seen
    assert (path, key) == ("/audit-archive/entries", filing_key(entry.key))
    assert (body["order"], body["number"]) == ("H-10482-7kq2m9xv", "H-10482")
    assert body["action"] == "order_paid"
    entry.refresh_from_db()
    assert entry.filed_at is not None


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503])
def test_an_archive_that_cannot_now_is_asked_again(
    entry: AuditEntry, archive: type[Archive], status: int
) -> None:
    archive.status = status

    with pytest.raises(CeleryRetry):
        run_as_a_worker(filing(entry))
    assert Job.objects.get(key=filing(entry).key).state == Job.State.PENDING


@pytest.mark.parametrize("status", [302, 400, 401, 410, 422])
def test_an_archive_that_never_will_is_a_dead_letter(
    entry: AuditEntry, archive: type[Archive], status: int
) -> None:
    archive.status = status

    with pytest.raises(Bury, match=str(status)):
        run_as_a_worker(filing(entry))
    assert Job.objects.get(key=filing(entry).key).state == Job.State.DEAD


def test_an_archive_that_is_not_there_is_asked_again(entry: AuditEntry, settings: Settings) -> None:
    settings.AUDIT_ARCHIVE_URL = "http://127.0.0.1:9"

    with pytest.raises(CeleryRetry):
        run_as_a_worker(filing(entry))
    entry.refresh_from_db()
    assert entry.filed_at is None


def test_the_archives_retry_after_is_kept(entry: AuditEntry, archive: type[Archive]) -> None:
    archive.status, archive.headers_sent = 503, {"Retry-After": "900"}

    with pytest.raises(CeleryRetry):
        run_as_a_worker(filing(entry))
    wait = Job.objects.get(key=filing(entry).key).next_at - timezone.now()
    assert 800 < wait.total_seconds() <= 900


@pytest.mark.parametrize(("actor", "told"), [("customer", "customer"), ("a@b.org", "staff")])
def test_the_archive_hears_that_it_was_staff_and_not_who(
    archive: type[Archive], actor: str, told: str
) -> None:
    run_as_a_worker(filing(write_down(actor=actor)))

    [(_, _, body)] = archive.seen
    assert body["actor"] == told
    assert "a@b.org" not in str(body)


def test_an_entry_is_filed_under_its_own_name(entry: AuditEntry) -> None:
    [spec] = file_entry(EntryRecorded(entry_id=entry.pk))

    assert spec.key == "audit_filed:order_paid:H-10482-7kq2m9xv"
