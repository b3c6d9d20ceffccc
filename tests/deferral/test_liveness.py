"""A worker's main process says that it lives, and that it is being stopped."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from pytest_django.fixtures import Settings

from deferral.database.locks import FREE, TAKE_ONE
from deferral.ledger.living import living_workers
from deferral.models import Worker
from deferral.worker import parting
from deferral.worker.liveness import GLANCE, Liveness
from tests.rig import clocks
from tests.rig.waiting import eventually

pytestmark = pytest.mark.exhaustive
JOBS = 7_001


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Liveness]:
    """This process as a worker's main process."""
    monkeypatch.setattr(os, "register_at_fork", lambda **_: None)
    found = Liveness()
    yield found
    found.leave()
    eventually(lambda: "liveness" not in {thread.name for thread in threading.enumerate()})
    if found.session.connection:
        found.session.connection.close()


def takes(cursor: CursorWrapper, lock: int) -> bool:
    """Whether its session has the lock now. The one that had it may have yet to end."""
    cursor.execute(TAKE_ONE, [[lock]])
    return cursor.fetchone() is not None


def test_a_worker_is_seen_until_its_process_ends(here: Liveness) -> None:
    here.enter("main")

    assert living_workers() == ["main"]
    assert here.session.connection is not None
    here.session.connection.close()
    eventually(lambda: living_workers() == [])


def test_a_worker_that_is_told_to_stop_says_so_without_a_wait(here: Liveness) -> None:
    here.enter("main")
    begun = time.monotonic()

    here.leave()

    assert time.monotonic() - begun < 0.01
    eventually(Worker.objects.filter(stopping_at__isnull=False).exists)
    assert living_workers() == ["main"]


def test_a_signal_in_the_middle_of_another_waits_for_nothing() -> None:
    """As if one came before every line that the first one's handler runs."""
    found = Liveness()

    def again(*_: object) -> Any:
        found.leave()
        return again

    def leave() -> None:
        sys.settrace(again)
        found.leave()
        sys.settrace(None)

    thread = threading.Thread(target=leave, daemon=True)
    thread.start()
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_a_worker_that_lost_its_session_is_back_in_a_moment(here: Liveness) -> None:
    here.enter("main")
    before = here.session.connection
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )

    eventually(lambda: here.session.connection is not before and living_workers() == ["main"])


def test_a_worker_that_leaves_keeps_the_locks_of_what_its_threads_still_run(
    here: Liveness,
) -> None:
    here.enter("main")
    here.each_second.append(lambda: None)  # as a thread worker has
    assert here.session.hold_one_of([JOBS]) == JOBS
    here.leave()
    eventually(Worker.objects.filter(stopping_at__isnull=False).exists)

    here.session.lose()

    eventually(lambda: not here.session._missing and living_workers() == ["main"])
    here.session.drop(JOBS)
    here.each_second.clear()


@pytest.mark.parametrize("threads", [False, True])
def test_a_leave_that_meets_a_lock_is_tried_until_it_is_written(
    here: Liveness,
    elsewhere: BaseDatabaseWrapper,
    monkeypatch: pytest.MonkeyPatch,
    *,
    threads: bool,
) -> None:
    tries, leave = list[int](), here.take_leave

    def try_it() -> None:
        tries.append(1)
        leave()

    monkeypatch.setattr(here, "take_leave", try_it)
    here.each_second += [lambda: None] * threads
    here.enter("main")
    with elsewhere.cursor() as cursor:
        cursor.execute("BEGIN; SELECT FROM deferral_worker FOR UPDATE")
        here.leave()
        eventually(lambda: len(tries) > 1)
        cursor.execute("ROLLBACK")

    eventually(Worker.objects.filter(stopping_at__isnull=False).exists)
    here.each_second.clear()


def test_a_deaf_worker_is_looked_after_until_it_has_ended(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its threads may still run jobs, and its leave may not be written down yet."""
    looks, ends = list[int](), list[int]()
    settings.SOFT_SHUTDOWN = 0.2

    def look() -> None:
        looks.append(1)
        time.sleep(0.05)

    monkeypatch.setattr(parting, "PARTING", 0)
    monkeypatch.setattr(os, "kill", lambda *_: None)
    monkeypatch.setattr(os, "_exit", ends.append)

    parting.end_this_process(meanwhile=look)

    assert len(looks) > 1
    assert len(ends) == 1


def test_whatever_one_look_raises_the_next_one_comes(here: Liveness) -> None:
    looks: list[int] = []

    def fail() -> None:
        looks.append(1)
        raise OSError("too many open files")

    here.each_second.append(fail)
    here.enter("main")

    eventually(lambda: len(looks) > 1)
    here.each_second.clear()


def test_a_worker_waits_for_a_database_that_is_not_there_yet(
    here: Liveness, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, refused = connections.create_connection, list[str]()

    def refuse_once(alias: str) -> BaseDatabaseWrapper:
        if not refused:
            refused.append(alias)
            raise Error("starting up")
        return connect(alias)

    monkeypatch.setattr(connections, "create_connection", refuse_once)
    here.enter("main")

    assert living_workers() == ["main"]
    assert here.id > 0


def test_a_lock_that_was_not_free_yet_is_asked_for_again_at_every_glance(
    elsewhere: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relay, which looked at this moment, looks once more after 0.4 s."""
    found, naps = Liveness(), list[float]()
    with found.session.cursor(), elsewhere.cursor() as relay:
        found.session.hold_one_of([JOBS])
        found.session.lose()
        eventually(lambda: takes(relay, JOBS))
        with found.session.cursor():
            assert found.session._missing == {JOBS}

        def let_go(seconds: float) -> None:
            naps.append(seconds)
            relay.execute(FREE, [JOBS])
            found.leave()  # so that it dozes no longer

        clocks.replace(monkeypatch, "sleep", let_go)
        found._doze()

    assert naps == [GLANCE]
    assert not found.session._missing
    found.session.lose()


@pytest.mark.parametrize("leaving", [False, True])
def test_a_session_that_was_ended_is_looked_after_at_once_also_by_who_leaves(
    monkeypatch: pytest.MonkeyPatch, *, leaving: bool
) -> None:
    found, naps = Liveness(), list[float]()
    found._leaving = leaving
    monkeypatch.setattr(found.session, "has_news", lambda: True)
    clocks.replace(monkeypatch, "sleep", naps.append)

    found._doze()

    assert naps == []
