"""The session that holds the locks of all threads of a process: who may drop, and what it loses."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from deferral.database import held_session
from deferral.database.held_session import HeldSession
from deferral.database.locks import FREE, TAKE_ONE
from tests.rig.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)
LOCK, OTHER = 7_001, 7_002
LATE_TO_TAKE = "SELECT n, pg_try_advisory_lock(n), pg_sleep(0.3) FROM unnest(%s::bigint[]) AS n"
LATE_TO_FREE = "SELECT pg_sleep(0.3), %s"


@pytest.fixture
def session() -> Iterator[HeldSession]:
    """Open, as a worker's is from its first second."""
    found = HeldSession()
    with found.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield found
    found.lose()


def in_another_thread(step: Callable[[], int | None]) -> int | None:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(step).result()


def is_free(lock: int, elsewhere: BaseDatabaseWrapper) -> bool:
    with elsewhere.cursor() as cursor:
        cursor.execute(TAKE_ONE, [[lock]])
        found = cursor.fetchone() is not None
        if found:
            cursor.execute(FREE, [lock])
    return found


def end(session: HeldSession) -> None:
    """As a database that restarts would, or a person."""
    assert session.connection is not None
    backend = session.connection.connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
        gone = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %s)"
        eventually(lambda: (cursor.execute(gone, [backend]), cursor.fetchone()[0])[1])


def test_whoever_was_refused_frees_nothing(
    session: HeldSession, elsewhere: BaseDatabaseWrapper
) -> None:
    """PostgreSQL would give the twin the lock again: it is the same session."""
    assert session.hold_one_of([LOCK]) == LOCK
    assert in_another_thread(lambda: session.hold_one_of([LOCK])) is None

    in_another_thread(lambda: session.drop(LOCK))
    assert not is_free(LOCK, elsewhere)

    session.drop(LOCK)
    assert is_free(LOCK, elsewhere)


def test_of_several_each_thread_has_another(session: HeldSession) -> None:
    together = threading.Barrier(20)

    def take() -> int | None:
        together.wait()
        return session.hold_one_of(range(LOCK, LOCK + 12))

    with ThreadPoolExecutor(20) as pool:
        found = [each.result() for each in [pool.submit(take) for _ in range(20)]]

    taken = [lock for lock in found if lock is not None]
    assert sorted(taken) == list(range(LOCK, LOCK + 12))


def test_what_another_process_holds_is_left_out(
    session: HeldSession, elsewhere: BaseDatabaseWrapper
) -> None:
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])

    assert session.hold_one_of([LOCK]) is None
    assert session.hold_one_of([LOCK, OTHER]) == OTHER


def test_a_session_that_is_lost_locks_again_what_is_held(
    session: HeldSession, elsewhere: BaseDatabaseWrapper
) -> None:
    session.hold_one_of([LOCK])
    end(session)
    assert session.hold_one_of([OTHER]) is None  # who notices it is not told whether it was done

    assert not is_free(LOCK, elsewhere)
    assert session.hold_one_of([OTHER]) == OTHER
    session.drop(LOCK)
    assert is_free(LOCK, elsewhere)


def test_while_the_database_is_away_nobody_waits_for_it_and_the_next_look_locks_again(
    session: HeldSession, elsewhere: BaseDatabaseWrapper
) -> None:
    session.hold_one_of([LOCK])
    session.lose()
    assert session.hold_one_of([OTHER]) is None
    eventually(lambda: is_free(LOCK, elsewhere))

    with session.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert not is_free(LOCK, elsewhere)


def test_whoever_ends_the_session_is_noticed_without_a_question(session: HeldSession) -> None:
    assert not session.has_news()

    end(session)

    eventually(session.has_news)


def test_a_statement_about_the_process_keeps_no_lock_waiting_for_long(
    session: HeldSession,
) -> None:
    """Whoever holds a worker's row holds the other threads for no longer than that."""
    for _ in ("as it was opened", "and opened anew"):
        with session.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("500ms",)
        session.lose()


@pytest.mark.parametrize("statement", ["TAKE_ONE", "FREE"])
def test_a_statement_cut_short_leaves_no_lock_behind(
    session: HeldSession,
    elsewhere: BaseDatabaseWrapper,
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
) -> None:
    """PostgreSQL has taken the lock, or not freed it, and says only that time was up."""
    held = session.hold_one_of([OTHER]) if statement == "FREE" else None
    monkeypatch.setattr(held_session, statement, LATE_TO_FREE if held else LATE_TO_TAKE)
    with session.cursor() as cursor:
        cursor.execute("SET statement_timeout = '100ms'")

    if held is None:
        assert session.hold_one_of([OTHER]) is None
    else:
        session.drop(OTHER)

    eventually(lambda: is_free(OTHER, elsewhere))


def test_what_somebody_took_meanwhile_is_asked_for_again(
    session: HeldSession, elsewhere: BaseDatabaseWrapper
) -> None:
    session.hold_one_of([LOCK])
    end(session)
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with pytest.raises(Error), session.cursor() as lost:
            lost.execute("SELECT 1")
        for is_theirs in (True, False):
            with session.cursor() as look:
                look.execute("SELECT 1")
            assert (LOCK in session._missing) == is_theirs
            cursor.execute(FREE, [LOCK])

    assert not is_free(LOCK, elsewhere)


def test_what_was_dropped_while_the_session_was_away_is_not_locked_again(
    session: HeldSession, elsewhere: BaseDatabaseWrapper
) -> None:
    session.hold_one_of([LOCK])
    end(session)
    session.drop(LOCK)

    with session.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert is_free(LOCK, elsewhere)


def test_a_statement_that_fails_costs_no_lock(
    session: HeldSession, elsewhere: BaseDatabaseWrapper
) -> None:
    session.hold_one_of([LOCK])

    with pytest.raises(Error), session.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")

    assert not is_free(LOCK, elsewhere)
