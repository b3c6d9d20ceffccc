"""The relay goes on, whatever one step, one row or its surroundings do."""

import os
import signal
import threading
import time
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from deferral.relay import expansion, expiry, publishing, rescue, silence
from deferral.relay.loop import AWAY_WAIT, Relay
from deferral.relay.publishing import BrokerAway
from tests.deferral.bench import put, put_event
from tests.deferral.conftest import Queues


def fail(*_: Any, **__: Any) -> int:
    """A bug."""
    raise LookupError("a bug")


@pytest.mark.parametrize(
    "step",
    [
        (rescue, "rescue"),
        (silence, "end_silent_sessions"),
        (expiry, "expire_jobs"),
        (expansion, "expand_events"),
    ],
)
def test_a_bug_in_one_step_stops_no_other(
    step: tuple[Any, str], monkeypatch: pytest.MonkeyPatch, queued: Queues
) -> None:
    fail.__name__ = step[1]
    monkeypatch.setattr(*step, fail)
    put_event()
    put("job")

    assert Relay()._guarded() < AWAY_WAIT
    assert queued("critical") == 1


def test_a_table_that_somebody_holds_stops_no_other_step(
    elsewhere: BaseDatabaseWrapper, queued: Queues
) -> None:
    put("job")
    with elsewhere.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE deferral_queue, deferral_breaker IN EXCLUSIVE MODE")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    pause = Relay()._guarded()
    connection.close()

    assert pause < AWAY_WAIT
    assert queued("critical") == 1


def test_a_ledger_that_somebody_holds_whole_is_waited_for(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    with elsewhere.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE deferral_job")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    pause = Relay()._guarded()
    connection.close()

    assert pause == AWAY_WAIT


def test_a_broker_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    put("job")

    def away(**_: Any) -> int:
        raise BrokerAway("gone")

    monkeypatch.setattr(publishing, "send_due", away)

    assert Relay()._guarded() == AWAY_WAIT


def test_after_an_outage_of_the_database_nobody_is_blamed_for_a_while(
    monkeypatch: pytest.MonkeyPatch, settings: Any, queued: Queues
) -> None:
    settings.CRASH_GRACE = 0
    found, step = Relay(), expansion.expand_events

    def lose_the_session() -> int:
        monkeypatch.setattr(expansion, "expand_events", step)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return 0

    monkeypatch.setattr(expansion, "expand_events", lose_the_session)
    put_event()
    settings.CRASH_GRACE = 60
    assert found._guarded() == AWAY_WAIT
    assert found._calm_until > time.monotonic() + 50

    put("job")
    assert found._guarded() < AWAY_WAIT
    assert queued("critical") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_relay_that_is_told_to_stop_stops(number: int, queued: Queues) -> None:
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    threading.Timer(0.3, os.kill, [os.getpid(), number]).start()

    Relay().run()

    for name, handler in before.items():
        signal.signal(name, handler)
