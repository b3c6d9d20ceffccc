"""The admin says what needs somebody: on its first page, of its queues, of its workers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from deferral import registry
from deferral.database.locks import worker_lock
from deferral.models import Queue, Worker
from tests.deferral.staff import a_dead_job, a_job, an_event, sitting


@pytest.fixture(autouse=True)
def _ledger(db: None) -> None:
    """In place of the other tests' of this folder: nothing here has to be committed."""


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


def text(client: Client, address: str) -> str:
    """The page, which must open."""
    answer = client.get(f"/admin/{address}")
    assert answer.status_code == 200, (address, answer)
    return answer.content.decode()


@pytest.fixture
def relay_and_beat() -> Iterator[None]:
    """They live: each has a session of its own, which has just spoken."""
    sessions = [connections.create_connection("default") for _ in range(2)]
    for name, session in zip(("relay", "beat"), sessions, strict=True):
        with session.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, false)", [name])
    yield
    for session in sessions:
        session.close()


def test_a_worker_without_its_lock_does_not_live(staff: Client) -> None:
    Worker.objects.create(name="celery@gone", pid=1)

    page = text(staff, "deferral/worker/")

    assert 'alt="False"' in page
    assert 'alt="True"' not in page


def test_every_queue_is_listed_and_one_that_nobody_serves_is_named(staff: Client) -> None:
    a_job(queue="bulk")

    page = text(staff, "deferral/queue/")

    assert all(f"?queue={name}" in page for name in registry.queues())
    assert "Nobody serves this queue." in page


def test_the_index_says_what_needs_somebody(staff: Client) -> None:
    a_dead_job()
    an_event(state="dead")

    page = text(staff, "")

    assert "Dead letters: 1 job, 1 event" in page
    assert "No relay is running" in page
    assert "Beat is not running" in page
    assert '<a href="/admin/deferral/job/dead-letters/">Dead letters</a>' in page


@pytest.mark.usefixtures("relay_and_beat")
def test_the_index_names_a_queue_that_nobody_serves_and_no_other(staff: Client) -> None:
    Queue.objects.create(name="partners", overdue_since=timezone.now() - timedelta(minutes=1))
    a_job(queue="partners")

    page = text(staff, "")

    assert "Nobody serves the queue partners: 1 waiting." in page
    assert page.count("Nobody serves the queue") == 1
    assert "is not running" not in page


@pytest.mark.usefixtures("relay_and_beat")
def test_the_index_is_quiet_while_all_goes_well(staff: Client) -> None:
    a_job()

    assert 'class="warning"' not in text(staff, "")


@pytest.mark.usefixtures("relay_and_beat")
def test_a_worker_that_holds_its_lock_lives_and_shows_what_it_has_in_hand(staff: Client) -> None:
    worker = Worker.objects.create(name="celery@alive", pid=1)
    a_job(state="running", worker=f"{worker.pid + 1000}:1")
    a_job(state="running", worker=f"{worker.pk}:17")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [worker_lock(worker.pk)])

    page = text(staff, "deferral/worker/")

    assert 'alt="True"' in page
    assert '<td class="field-in_hand">1</td>' in page


def test_who_may_see_no_jobs_is_told_nothing_of_them() -> None:
    job = a_dead_job()
    outsider = sitting("view_order")

    assert "Dead letters" not in text(outsider, "")
    assert outsider.get("/admin/deferral/job/dead-letters/").status_code == 403
    assert outsider.get(f"/admin/deferral/job/{job.pk}/change/").status_code == 403
