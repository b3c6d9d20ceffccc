"""What both Celery twins are made of: the tasks, and a worker without the product's machinery."""

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

from celery import Celery, signals
from django.conf import settings
from django.db import connections

from deferral import connections as between_jobs
from deferral import presence, stopping
from orders import services as orders
from reports import services as reports
from tests.baselines import fan_out

OURS = (
    (signals.worker_init, presence._enter),
    (signals.worker_ready, stopping.hear_first),
    (signals.task_prerun, between_jobs._between_jobs),
    (signals.task_postrun, between_jobs._between_jobs),
)


def twin(name: str, **options: Any) -> Celery:
    """A Celery application on the product's broker, with these options and no others."""
    app = Celery(name)
    app.conf.update(broker_url=settings.BROKER_URL, imports=["tests.baselines.fan_out"], **options)
    return app


def become_plain(**_: Any) -> None:
    """In the twins' workers: Django's own database options, and no hooks of the ledger's."""
    for signal, receiver in OURS:
        signal.disconnect(receiver)
    plain = connections.settings["default"]
    plain |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    for option in ("server_side_binding", "prepare_threshold"):
        plain["OPTIONS"].pop(option, None)
    setattr(reports, "publish", fan_out.announce)  # noqa: B010  mypy knows another signature


@contextlib.contextmanager
def paying_with(app: Celery) -> Iterator[None]:
    """Meanwhile a paid order is not announced in the ledger, but sent to this application."""
    app.set_current()
    with mock.patch.object(orders, "publish", fan_out.announce):
        yield
