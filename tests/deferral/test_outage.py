"""Our own outage costs a job nothing; everything else does, or a bug would be tried for ever."""

from types import SimpleNamespace

import psycopg
import pytest
from django.db import DataError, Error, InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg_pool import PoolTimeout

from deferral.database import connections
from deferral.database.outage import is_held_up, is_our_outage, passes
from deferral.models import Job
from tests.deferral.bench import deliver, doing, now, put


def caused(error: type[Error], cause: Exception) -> Error:
    """An error as Django raises it."""
    found = error("from Django")
    found.__cause__ = cause
    return found


def state(code: str) -> Exception:
    """PostgreSQL's own error of this SQLSTATE."""
    return psycopg.errors.lookup(code)("said PostgreSQL")


AWAY = ["08006", "08003", "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04"]
CANNOT_WRITE = ["25006", "53000", "53100", "53200", "53300", "53400", "58000", "58030"]


@pytest.mark.parametrize("code", [*AWAY, *CANNOT_WRITE])
def test_a_database_that_is_away_or_cannot_write_is_our_outage(code: str) -> None:
    assert is_our_outage(caused(OperationalError, state(code)))
    assert is_our_outage(state(code))
    assert not is_held_up(state(code))
    assert passes(state(code))


def test_no_answer_at_all_is_our_outage() -> None:
    assert is_our_outage(caused(OperationalError, psycopg.OperationalError("closed")))
    assert is_our_outage(caused(OperationalError, PoolTimeout("nobody came back")))


@pytest.mark.parametrize("code", ["55P03", "40001", "40P01"])
def test_a_lock_that_somebody_holds_is_no_outage_and_passes(code: str) -> None:
    assert is_held_up(caused(OperationalError, state(code)))
    assert passes(state(code))
    assert not is_our_outage(state(code))


def test_a_statement_that_took_too_long_may_be_asked_again_and_costs_a_job_its_attempt() -> None:
    assert passes(caused(OperationalError, state("57014")))
    assert not is_our_outage(state("57014"))
    assert not is_held_up(state("57014"))


@pytest.mark.parametrize("code", ["23505", "22P05", "25P02", "42P01", "XX001"])
def test_any_other_database_error_is_the_jobs_own(code: str) -> None:
    assert not is_our_outage(caused(OperationalError, state(code)))
    assert not passes(state(code))


@pytest.mark.parametrize(
    "error",
    [
        caused(InterfaceError, psycopg.InterfaceError("the cursor is closed")),
        caused(DataError, psycopg.DataError("no SQLSTATE")),
        OperationalError("without a cause"),
        OSError("connection refused"),
    ],
)
def test_a_bug_is_not_our_outage(error: Exception) -> None:
    assert not is_our_outage(error)


def test_a_job_whose_connection_is_cut_gets_its_attempt_back(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    def lose_the_connection() -> None:
        pid = connection.connection.info.backend_pid
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    job = doing(lose_the_connection)

    assert deliver(job) == "ignore"
    job = now(job)
    assert (job.state, job.attempts, job.crashes, job.errors) == ("pending", 0, 0, [])


READ_ONLY = "SET default_transaction_read_only = on"


def test_a_job_in_a_read_only_database_gets_its_attempt_back() -> None:
    def fail_over() -> None:
        with connection.cursor() as cursor:
            cursor.execute(READ_ONLY)
        Job.objects.update(cause="seen")

    job = doing(fail_over)

    assert deliver(job) == "ignore"
    job = now(job)
    assert (job.state, job.attempts, job.crashes, job.errors) == ("pending", 0, 0, [])


def test_a_hint_that_comes_while_nothing_can_be_written_is_dropped_and_the_session_too() -> None:
    job = put("job")
    with connection.cursor() as cursor:
        cursor.execute(READ_ONLY)

    assert [deliver(job), deliver(job)] == ["ignore", "success"]


def test_a_job_that_meets_a_held_row_comes_back_and_has_lost_nothing(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    wanted = put("wanted")

    def want_it() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        Job.objects.filter(pk=wanted.pk).update(cause="seen")

    job = doing(want_it)
    hold(elsewhere, wanted)

    assert deliver(job) == "retry"
    job = now(job)
    assert (job.state, job.attempts, job.snoozes, job.errors) == ("pending", 0, 1, [])


def test_a_held_job_takes_no_slot_and_is_left_as_it_was(elsewhere: BaseDatabaseWrapper) -> None:
    job = put("job")
    hold(elsewhere, job)

    assert deliver(job) == "ignore"
    with elsewhere.cursor() as cursor:
        cursor.execute("ROLLBACK")
    assert (now(job).state, now(job).attempts) == ("pending", 0)
    assert deliver(job) == "success"


def hold(session: BaseDatabaseWrapper, job: Job) -> None:
    """By somebody who says nothing more."""
    with session.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM deferral_job WHERE id = %s FOR UPDATE", [job.pk])


@pytest.mark.parametrize(("cause", "drained"), [(PoolTimeout("none left"), 0), (None, 1)])
def test_a_pool_that_had_none_left_keeps_those_it_has(
    cause: Exception | None, drained: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are lent, and well: to end them would make the shortage longer."""
    seen = list[str]()
    pool = SimpleNamespace(drain=lambda: seen.append("drained"))
    stand_in = SimpleNamespace(pool=pool, close=lambda: None)
    monkeypatch.setattr(connections, "connection", stand_in)
    error = OperationalError("away")
    error.__cause__ = cause

    connections.drop_sessions(error)

    assert len(seen) == drained
