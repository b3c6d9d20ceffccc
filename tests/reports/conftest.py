"""Paid orders, and jobs run as a worker runs them."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from celery import current_app
from paid_orders import PAID_AT, a_line, saved
from pytest_django.fixtures import Settings

from deferral.handlers import JobSpec
from deferral.models import Job
from orders.models import Order


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def order(db: None) -> Order:
    """Three tickets, paid."""
    return saved(a_line())


Run = Callable[[JobSpec], Job]


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


class Archive(BaseHTTPRequestHandler):
    """A stand-in for the audit archive that answers as it is told."""

    status: ClassVar[int] = 201
    headers_sent: ClassVar[dict[str, str]] = {}
    seen: ClassVar[list[tuple[str, str | None, Any]]] = []

    def do_POST(self) -> None:
        """Remember, and answer."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.path, self.headers["Idempotency-Key"], body))
        self.send_response(self.status)
        for name, value in {"Content-Length": "2", **self.headers_sent}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Quietly."""


@pytest.fixture
def archive(settings: Settings) -> Iterator[type[Archive]]:
    """An audit archive of our own, that can misbehave."""
    told = type("Archive", (Archive,), {"seen": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), told) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.AUDIT_ARCHIVE_URL = f"http://127.0.0.1:{server.server_port}/audit-archive"
        yield told
        server.shutdown()
