"""Who gives a sign of life: asked of a worker that received nothing for a minute."""

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.db.models.functions import Now
from kombu import Connection

from deferral.ledger.living import signs_of_workers
from deferral.models import Queue, Worker
from deferral.worker import signs
from deferral.worker.signs import Signs, broker_is_well

pytestmark = pytest.mark.django_db


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Signs:
    """Serves one queue with one process; work has waited there for a minute."""
    Queue.objects.create(name="critical", overdue_since=Now() - timedelta(seconds=60))
    queues = SimpleNamespace(consume_from={"critical": None})
    app = SimpleNamespace(amqp=SimpleNamespace(queues=queues))
    found = Signs()
    found.begin(SimpleNamespace(app=app, pool=SimpleNamespace(num_processes=1)))
    found._received = found._seen = found._received - 60
    monkeypatch.setattr(signs, "broker_is_well", lambda: True)
    return found


def gives_one(worker: Signs) -> bool:
    return worker.look(connection.cursor, 0)


def test_who_receives_nothing_while_work_waits_gives_none(idle: Signs) -> None:
    assert not gives_one(idle)
    assert not idle.is_given

    idle.receive()
    assert gives_one(idle)


def test_where_nothing_waits_there_is_nothing_to_receive(idle: Signs) -> None:
    Queue.objects.update(overdue_since=None)

    assert gives_one(idle)
    assert idle.is_given


def test_of_another_queue_it_is_not_asked(idle: Signs) -> None:
    Queue.objects.update(name="bulk")

    assert gives_one(idle)


def test_while_the_broker_takes_no_message_nobody_is_to_blame(
    idle: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signs, "broker_is_well", lambda: False)

    assert gives_one(idle)


@pytest.mark.parametrize(("ran_for", "gives"), [(5, 1), (100, 0)])
def test_full_hands_are_a_sign_while_each_job_is_within_its_limit(
    idle: Signs, monkeypatch: pytest.MonkeyPatch, ran_for: int, gives: int
) -> None:
    task = SimpleNamespace(time_limit=60)
    began = time.time() - ran_for
    request: Any = SimpleNamespace(time_limits=(None, None), task=task, time_start=began)
    monkeypatch.setattr("celery.worker.state.active_requests", [request])

    assert gives_one(idle) == bool(gives)


def test_a_broker_is_well_when_a_message_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    assert broker_is_well()

    nowhere = Connection("redis+socket:///nowhere/valkey.sock")
    monkeypatch.setattr(current_app, "connection_for_write", lambda **_: nowhere)
    assert not broker_is_well()


def test_a_sign_is_written_down_with_the_worker(idle: Signs) -> None:
    row = Worker.objects.create(name="main", pid=1, seen_at=Now() - timedelta(minutes=1))
    idle.receive()
    idle.look(connection.cursor, row.pk)

    assert Worker.objects.filter(pk=row.pk, seen_at__gt=Now() - timedelta(seconds=5)).exists()
    assert signs_of_workers() == []  # no process holds its lock
