"""The doctor names whoever keeps the shop waiting, or will, and says what ends it."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from deferral.database import sessions
from deferral.health.holding import check_transactions
from tests.deferral.bench import put_event
from tests.rig.servers import POSTGRES

LOCK = "SELECT 1 FROM deferral_event FOR UPDATE"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in these tests until a transaction is old."""
    monkeypatch.setattr(sessions, "FORGOTTEN", 0)


@pytest.fixture
def foreign() -> Iterator[psycopg.Connection]:
    """A person's psql, of another user than ours."""
    url = POSTGRES.url(str(connection.settings_dict["NAME"]), user="postgres")
    with psycopg.connect(url, application_name="psql of Ada") as session:
        yield session
        session.rollback()


def test_a_lock_left_open_is_named_with_what_ends_it(foreign: psycopg.Connection) -> None:
    put_event()
    foreign.execute(LOCK)
    [finding] = check_transactions()

    assert (finding.name, finding.well) == (f"session {foreign.info.backend_pid}", False)
    assert "psql of Ada of postgres, idle in transaction since" in finding.detail
    assert LOCK in finding.detail
    assert f"pg_terminate_backend({foreign.info.backend_pid})" in finding.detail


def test_an_old_snapshot_is_named_though_it_holds_no_lock(foreign: psycopg.Connection) -> None:
    foreign.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1")
    [finding] = check_transactions()

    assert not finding.well


def test_it_says_how_many_wait_for_it(
    foreign: psycopg.Connection, elsewhere: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "FORGOTTEN", 3600)
    monkeypatch.setattr(sessions, "WAITED_FOR", 0)
    put_event()
    foreign.execute(LOCK)
    elsewhere.ensure_connection()
    waiter = elsewhere.connection.pgconn
    waiter.send_query(b"UPDATE deferral_event SET attempts = 1")
    while not (found := list(check_transactions()))[0].detail.count("1 wait for it"):
        assert len(found) == 1

    assert found[0].name == f"session {foreign.info.backend_pid}"


def test_whom_we_may_not_see_is_named_all_the_same(foreign: psycopg.Connection) -> None:
    put_event()
    foreign.execute("CREATE ROLE modest; GRANT modest TO halyard")
    foreign.commit()
    foreign.execute(LOCK)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE modest")
        [finding] = check_transactions()
    finally:
        connection.close()
        foreign.rollback()
        foreign.execute("DROP ROLE modest")
        foreign.commit()

    assert finding.name == f"session {foreign.info.backend_pid}"
    assert "psql of Ada of postgres, hidden from us (GRANT pg_read_all_stats" in finding.detail


def test_a_prepared_transaction_is_nobodys_session_and_named(foreign: psycopg.Connection) -> None:
    put_event()
    foreign.execute(LOCK)
    foreign.execute("PREPARE TRANSACTION 'forgotten'")
    foreign.commit()
    try:
        [finding] = check_transactions()
    finally:
        foreign.autocommit = True
        foreign.execute("ROLLBACK PREPARED 'forgotten'")

    assert finding.name == "prepared"
    assert "to end it: ROLLBACK PREPARED 'forgotten'" in finding.detail


def test_a_backup_may_take_its_time(
    foreign: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "OLD", 0)
    monkeypatch.setattr(sessions, "FORGOTTEN", 3600)
    foreign.execute("SET application_name = 'pg_dump'")
    assert [finding.well for finding in check_transactions()] == [True]

    foreign.execute("SET application_name = 'export'")
    assert [finding.well for finding in check_transactions()] == [False]


def test_the_doctor_ends_though_every_table_is_locked(
    foreign: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign.execute("LOCK TABLE deferral_event, deferral_job, deferral_queue")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    with pytest.raises(CommandError, match="need attention"):
        call_command("doctor")
    connection.close()

    shown = capsys.readouterr().out
    assert f"session {foreign.info.backend_pid}" in shown
    assert "takes no orders now: canceling statement due to lock timeout" in shown
    assert "queues             not known: canceling statement due to lock timeout" in shown
