"""A failover: for a while the database takes no writes. Everybody waits for it, and then goes on.

Nobody ends the sessions that were opened meanwhile, which stay read-only for all their life.
"""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from launcher.servers.postgres import Postgres
from launcher.servers.server import running
from launcher.servers.sockets import socket_dir
from launcher.workers import WORKERS
from tests.proofs.failures.sweep.browser import Browser
from tests.rig.processes import Processes
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually
from tests.shop.buying import form_values

OFF = "ALTER DATABASE halyard SET default_transaction_read_only = on"
ON = "ALTER DATABASE halyard RESET default_transaction_read_only"
END_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
EVERY_SECOND = """
WITH often AS (
    INSERT INTO django_celery_beat_intervalschedule (every, period) VALUES (1, 'seconds')
    RETURNING id)
INSERT INTO django_celery_beat_periodictask (
    name, task, args, kwargs, enabled, total_run_count, date_changed, description, one_off, headers,
    interval_id)
SELECT 'tick', 'probes.behave', '[]', '{"name": "tick"}', true, 0, now(), '', false, '{}', id
FROM often
"""
POKE = """
INSERT INTO deferral_event (
    type, subject, payload, context, schema_version, state, attempts, errors)
VALUES (
    'probes.poked', 'probe:1', '{"name": "slow", "probe": "dawdle"}', '{}', 1, 'pending', 0, '[]')
"""
WAITING_ONES = """
SELECT DISTINCT application_name FROM pg_stat_activity
WHERE application_name IN ('relay', 'beat') AND state = 'idle' ORDER BY 1
"""
LET_A_BEAT_KNOW = "UPDATE django_celery_beat_periodictasks SET last_update = now()"


class Shop(Processes):
    """On a database of its own, that a failover befalls."""

    database: Postgres

    def say(self, *statements: str) -> list[tuple[Any, ...]]:
        """As its owner, in a session of one's own; the rows of the last statement."""
        with psycopg.connect(self.database.url(user="postgres"), autocommit=True) as session:
            session.execute("SET default_transaction_read_only = off")
            for statement in statements:
                cursor = session.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def has_met_it(self, name: str) -> bool:
        """Whether this process was refused, or lost its session, and says so."""
        text = (self.scratch / f"{name}.log").read_text()
        return "read-only" in text or "given_back" in text or "Service Unavailable" in text


@pytest.fixture
def shop(tmp_path: Path, sandbox: Sandbox) -> Iterator[Shop]:
    """Every process of it is running, and a job is under way."""
    database = Postgres(tmp_path / "postgres", socket_dir(tmp_path), {"fsync": "off"})
    probes = {"EXTRA_APPS": "tests.probes", "PROBE_DIR": str(tmp_path), "CRASH_GRACE": "3"}
    found = Shop(scratch=tmp_path, env={"DATABASE_URL": database.url(), **probes})
    found.database = database
    with running(database):
        found.prepare()
        found.say(EVERY_SECOND, LET_A_BEAT_KNOW)
        found.open()
        found.wait_until_served()
        yield found
        found.end()


def at_the_checkout() -> tuple[Browser, dict[str, Any]]:
    """A customer whose form is filled in."""
    browser = Browser(f"http://127.0.0.1:{os.environ['WEB_PORT']}")
    browser.post("/cart/add/", {"sku": "HO-001", "quantity": 1})
    return browser, form_values(browser)


def test_while_nothing_can_be_written_customers_wait_and_nothing_is_lost(shop: Shop) -> None:
    browser, form = at_the_checkout()
    shop.say(POKE)
    eventually((shop.scratch / "slow").exists, show=shop.logs)

    shop.say(OFF, END_SESSIONS)
    (shop.scratch / "slow-may-end").touch()
    paid = browser.press(form)
    for name in ("web", "relay", *(worker.name for worker in WORKERS), "beat"):
        eventually(partial(shop.has_met_it, name), show=shop.logs)

    assert (paid.status_code, paid.headers["Retry-After"]) == (503, "5")
    assert "never charged twice" in paid.text
    assert shop.answers("/readyz").status_code == 503
    assert [shop.answers(path).status_code for path in ("/", "/healthz")] == [200, 200]
    eventually(lambda: shop.say(WAITING_ONES) == [("beat",), ("relay",)], show=shop.logs)

    before = ticks(shop)
    shop.say(ON)
    shop.wait_until_served()
    eventually(lambda: browser.press(form).status_code == 303, show=shop.logs)
    eventually(lambda: all_is_done(shop), show=shop.logs)
    [job] = shop.say("SELECT attempts, crashes, losses FROM deferral_job WHERE key = 'dawdle:slow'")
    assert job == (1, 0, 0)
    assert shop.say("SELECT number, state FROM orders_order") == [("H-10001", "paid")]
    assert shop.say("SELECT count(*) FROM deferral_job WHERE state = 'dead'") == [(0,)]
    eventually(lambda: ticks(shop) > before, show=shop.logs)


def all_is_done(shop: Shop) -> bool:
    """Of the order, and of the job that was under way."""
    left = (
        "SELECT count(*) FROM deferral_job WHERE state <> 'done' AND subject NOT LIKE 'schedule:%'"
    )
    begun = "SELECT count(*) FROM deferral_job WHERE subject LIKE 'order:%'"
    return shop.say(left) == [(0,)] and shop.say(begun) > [(5,)]


def ticks(shop: Shop) -> set[str]:
    """When those were due that have become jobs."""
    rows = shop.say("SELECT key FROM deferral_job WHERE subject = 'schedule:tick'")
    return {key.removeprefix("schedule:tick:") for (key,) in rows}
