"""The last part of a chord that returns sends the body, and no other does."""

from types import SimpleNamespace
from typing import Any

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from deferral.errors import Bury
from deferral.models import Job
from deferral.relay.hints import Addressed
from deferral.relay.publishing import send_due
from tests.deferral.bench import DEEDS, deliver, put_join, run
from tests.deferral.conftest import Queues


@pytest.fixture
def body(queued: Queues) -> Job:
    """Waits for two parts, whose messages are out."""
    found = put_join("first", "second")
    assert send_due() == 2
    return found


def come_back(part: str, body: Job) -> None:
    """The part is run, and Celery tells its result backend."""
    row = Job.objects.get(key=part)
    deliver(row)
    hint = Addressed(body.pk, body.key, body.task, body.queue, body.task_id)
    request = SimpleNamespace(chord=hint.signature(), group="g", id=str(row.task_id))
    current_app.backend.on_chord_part_return(request, "SUCCESS", None)


def test_the_last_part_that_returns_sends_the_body(body: Job, queued: Queues) -> None:
    come_back("first", body)
    assert queued("critical") == 2

    come_back("second", body)
    assert queued("critical") == 3


def test_a_part_that_returns_twice_is_not_two(body: Job, queued: Queues) -> None:
    come_back("first", body)
    come_back("first", body)

    assert queued("critical") == 2


def test_a_part_that_returns_late_does_not_send_a_body_that_ran(body: Job, queued: Queues) -> None:
    come_back("first", body)
    come_back("second", body)
    run(body)

    come_back("second", body)

    assert queued("critical") == 3


def test_a_buried_part_sends_nothing(body: Job, queued: Queues) -> None:
    def fail() -> None:
        raise Bury("never")

    DEEDS["second"] = fail
    Job.objects.filter(key="second").update(kwargs={"deed": "second"})
    come_back("first", body)
    come_back("second", body)

    assert queued("critical") == 2


def test_a_broker_that_is_away_fails_no_part(body: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("gone")

    come_back("first", body)
    monkeypatch.setattr(current_app, "send_task", away)

    come_back("second", body)

    assert Job.objects.get(key="second").state == "done"
