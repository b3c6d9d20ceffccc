"""Lost hints are found, a long queue is not stormed, and nothing is sent while nothing waits."""

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db.models.functions import Now

from deferral.ledger.serving import unserved_queues
from deferral.models import Queue, Worker
from deferral.relay.markers import ensure_queues, give_lost_hints_again, marker, send_markers
from tests.deferral.bench import now, put
from tests.deferral.conftest import Queues


def ago(seconds: float) -> Any:
    return Now() - timedelta(seconds=seconds)


def queue() -> Queue:
    return Queue.objects.get(name="critical")


def arrive() -> None:
    """The youngest marker reaches a worker."""
    sent = queue().sent
    assert sent is not None
    marker(queue="critical", sent=sent.isoformat())


def test_no_marker_is_sent_while_nothing_waits(queued: Queues) -> None:
    ensure_queues()
    put("unsent")
    put("just sent", sent_at=Now())
    put("done", state="done", sent_at=ago(9))

    assert send_markers() == 0
    assert queued("critical") == 0


def test_a_hint_that_a_marker_overtook_is_given_again(queued: Queues) -> None:
    ensure_queues()
    lost, fresh = put("lost", sent_at=ago(2)), put("fresh", sent_at=Now())

    assert send_markers() == 1
    assert give_lost_hints_again() == 0
    arrive()
    assert give_lost_hints_again() == 1

    assert now(lost).sent_at is None
    assert now(fresh).sent_at is not None


def test_a_clock_that_is_set_back_storms_no_queue() -> None:
    ensure_queues()
    Queue.objects.update(seen=ago(-600))
    waits = put("waits", sent_at=Now())

    assert give_lost_hints_again() == 0
    assert now(waits).sent_at is not None


def test_a_long_queue_gets_ever_fewer_markers(queued: Queues) -> None:
    ensure_queues()
    put("waits", sent_at=ago(3600))
    sent = 0
    for _ in range(600):
        sent += send_markers()
        found = queue()
        assert found.sent
        assert found.overdue_since
        found.sent -= timedelta(seconds=1)  # a second passes
        found.overdue_since -= timedelta(seconds=1)
        found.save()

    assert 10 < sent < 25
    assert queued("critical") == sent


def test_a_lost_marker_is_sent_again_over_a_new_connection(
    queued: Queues, monkeypatch: Any
) -> None:
    ensure_queues()
    put("waits", sent_at=ago(9))
    afresh: list[str] = []
    monkeypatch.setattr("deferral.relay.markers.start_afresh", lambda: afresh.append("again"))
    send_markers()
    assert afresh == []

    Queue.objects.filter(name="critical").update(sent=ago(20), overdue_since=ago(22))
    assert send_markers() == 1
    assert afresh == ["again"]


def test_a_broker_that_takes_no_marker_is_asked_once_and_not_for_every_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ensure_queues()
    for name in ("critical", "partners", "bulk"):
        put(name, queue=name, sent_at=ago(9))
    asked: list[str] = []

    def hang(**options: Any) -> None:
        asked.append(options["queue"])
        raise TimeoutError

    monkeypatch.setattr(marker, "apply_async", hang)

    assert (send_markers(), len(asked)) == (0, 1)


def test_a_marker_that_was_never_sent_counts_for_nothing() -> None:
    ensure_queues()

    marker(queue="critical", sent="2099-01-01T00:00:00+00:00")

    assert queue().seen is None


def test_a_queue_nobody_serves_is_named_and_one_that_works_is_not(monkeypatch: Any) -> None:
    monkeypatch.setattr("deferral.ledger.serving.is_living", lambda _role: True)
    ensure_queues()
    Queue.objects.filter(name__in=["critical", "bulk"]).update(overdue_since=ago(11))
    Queue.objects.filter(name="partners").update(overdue_since=ago(9))
    at_work, silent = (Worker.objects.create(name=name, pid=1) for name in ("a", "b"))
    Worker.objects.filter(pk=silent.pk).update(seen_at=ago(60))
    put("works", queue="bulk", state="running", worker=f"{at_work.pk}:7")
    put("is frozen", queue="critical", state="running", worker=f"{silent.pk}:7")

    assert unserved_queues() == {"critical"}


def test_a_marker_is_a_task_that_workers_know() -> None:
    assert "deferral.marker" in current_app.tasks
