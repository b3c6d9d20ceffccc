"""Our own outage costs a job nothing; everything else does, or a bug would be tried for ever."""

import psycopg
import pytest
from django.db import DataError, Error, InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg_pool import PoolTimeout

from deferral.outage import is_our_outage
from tests.deferral.bench import deliver, doing, now


def caused(error: type[Error], cause: Exception) -> Error:
    """An error as Django raises it."""
    found = error("from Django")
    found.__cause__ = cause
    return found


def state(code: str) -> Exception:
    """PostgreSQL's own error of this SQLSTATE."""
    return psycopg.errors.lookup(code)("said PostgreSQL")


@pytest.mark.parametrize("code", ["08006", "08003", "57P01", "57P02", "57P03", "57P05"])
def test_a_database_that_went_away_is_our_outage(code: str) -> None:
    assert is_our_outage(caused(OperationalError, state(code)))
    assert is_our_outage(state(code))


def test_no_answer_at_all_is_our_outage() -> None:
    assert is_our_outage(caused(OperationalError, psycopg.OperationalError("closed")))
    assert is_our_outage(caused(OperationalError, PoolTimeout("nobody came back")))


@pytest.mark.parametrize("code", ["40P01", "40001", "23505", "57014", "55P03", "22P05", "25P02"])
def test_any_other_database_error_is_the_jobs_own(code: str) -> None:
    assert not is_our_outage(caused(OperationalError, state(code)))


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
