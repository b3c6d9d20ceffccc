"""What both Celery twins are made of: the tasks, and a worker without the product's machinery."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from celery import Celery, current_app, signals
from celery.backends.redis import RedisBackend
from django.conf import settings
from django.db import connections
from django_celery_results.backends.database import DatabaseBackend

from audit import services as audit
from deferral.crashpoints import crashpoint
from deferral.database import connections as between_jobs
from deferral.threads import pool
from deferral.worker import liveness, stopping
from orders.services import paid
from tests.baselines import fan_out

OURS = (
    (signals.worker_init, liveness._enter),
    (signals.worker_init, pool._become),
    (signals.worker_ready, stopping.hear_first),
    (signals.task_prerun, between_jobs._between_jobs),
    (signals.task_postrun, between_jobs._between_jobs),
)


def twin(name: str, **options: Any) -> Celery:
    """A Celery application on the product's broker, with these options and no others.

    VISIBILITY_TIMEOUT: seconds after which Valkey gives a dead worker's messages to another. By
    default an hour, which no test can wait for.
    """
    app = Celery(name, set_as_current=False)
    tasks = ["tests.baselines.fan_out", "tests.baselines.mistakes"]
    app.conf.update(broker_url=settings.BROKER_URL, imports=tasks, **options)
    if timeout := os.environ.get("VISIBILITY_TIMEOUT"):
        app.conf.broker_transport_options = {"visibility_timeout": int(timeout)}
    return app


def become_plain(**_: Any) -> None:
    """In the twins' workers: Django's own database options, and no hooks of the ledger's.

    A worker with `-P threads` has Celery's own pool, and a database connection for each thread.
    """
    for signal, receiver in OURS:
        signal.disconnect(receiver)
    plain = connections.settings["default"]
    plain |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    for option in ("server_side_binding", "prepare_threshold", "pool"):
        plain["OPTIONS"].pop(option, None)
    setattr(audit, "publish", fan_out.announce)  # noqa: B010  mypy knows another signature
    for backend in (DatabaseBackend, RedisBackend):
        setattr(backend, "on_chord_part_return", dying(backend.on_chord_part_return))  # noqa: B010


def dying(count: Callable[..., None]) -> Callable[..., None]:
    """A crash point in Celery's own code: a part's result is stored, and not counted yet."""

    def count_or_die(self: Any, request: Any, *rest: Any, **options: Any) -> None:
        if request.chord:
            crashpoint("result_stored")
        count(self, request, *rest, **options)

    return count_or_die


@contextlib.contextmanager
def paying_with(app: Celery) -> Iterator[None]:
    """Meanwhile a paid order is not announced in the ledger, but sent to this application."""
    before = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy
    app.set_current()
    try:
        with mock.patch.object(paid, "publish", fan_out.announce):
            yield
    finally:
        before.set_current()
