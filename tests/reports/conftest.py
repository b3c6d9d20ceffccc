"""Paid orders, and jobs run as a worker runs them."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from celery import current_app
from pytest_django.fixtures import Settings

from deferral.handlers import JobSpec
from deferral.models import Job
from orders.models import Order
from tests.reports.paid_orders import PAID_AT, Run, a_line, saved
from tests.reports.stand_in_archive import Archive
from tests.rig.listening import listening


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def order(db: None) -> Order:
    """Three tickets, paid."""
    return saved(a_line())


@pytest.fixture
def run(db: None) -> Run:
    """Write a job's row and run it as a worker would; the row, as it is afterwards."""

    def run(spec: JobSpec) -> Job:
        job, _ = Job.objects.update_or_create(
            key=spec.key,
            defaults={
                "subject": "order:H-1",
                "task": spec.spec.name,
                "kwargs": spec.kwargs,
                "lane": spec.spec.lane,
                "state": Job.State.PENDING,
                "next_at": PAID_AT - timedelta(days=30),  # long due: a test is one moment
            },
        )
        current_app.tasks[spec.spec.name](job=job.pk)
        job.refresh_from_db()
        return job

    return run


@pytest.fixture
def archive(settings: Settings) -> Iterator[type[Archive]]:
    """An audit archive of our own, that can misbehave."""
    told = type("Archive", (Archive,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), told)
    with listening(server):
        settings.AUDIT_ARCHIVE_URL = f"http://127.0.0.1:{server.server_port}/audit-archive"
        yield told
