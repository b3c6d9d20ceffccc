"""PostgreSQL restarts, or ends a thread worker's session: what runs is not run twice."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from deferral.relay.rescue import RETAKING
from launcher.servers.postgres import Postgres
from launcher.servers.server import running
from launcher.servers.sockets import socket_dir
from launcher.workers import Worker
from tests.proofs.failures.thread_workers import (
    LOCKS,
    all_done,
    costs,
    held_locks,
    in_threads,
    open_door,
    poke_many,
    wait_until_running,
)
from tests.rig.depth import thorough
from tests.rig.emptying import empty_broker
from tests.rig.processes import Processes
from tests.rig.running_shop import RunningShop
from tests.rig.surroundings import ROOT
from tests.rig.waiting import eventually

MAILS = 20
PUBLISH = f"""
from django.db import transaction
from deferral.events import publish
from tests.probes.events import Poked
with transaction.atomic():
    for number in range({MAILS}):
        publish(Poked(name=f"sent-{{number}}", probe="write_to"), subject="probe:1")
"""
HOLDER = LOCKS.replace("count(*)", "min(pid), count(*)")
RELAY_HAS_LOOKED = f"SELECT now() - pg_postmaster_start_time() > interval '{RETAKING + 3} s'"
RESULTS = """
SELECT count(*), min(attempts), max(attempts + crashes + losses) FROM deferral_job
WHERE queue = 'mail'
"""


@pytest.fixture
def database(tmp_path: Path) -> Postgres:
    return Postgres(tmp_path / "postgres", socket_dir(tmp_path), {"fsync": "off"})


@pytest.fixture
def shop_of_its_own(
    database: Postgres, tmp_path: Path, starts_processes: None
) -> Iterator[Processes]:
    """On a database that can be stopped, which is not running yet."""
    empty_broker()
    probes = {"EXTRA_APPS": "tests.probes", "PROBE_DIR": str(tmp_path)}
    env = {"DATABASE_URL": database.url(), "CRASH_GRACE": "10", **probes}
    found = Processes(scratch=tmp_path, env=env)
    yield found
    found.end()


def said(database: Postgres, statement: str) -> tuple[int, ...]:
    """Over a session of this moment: those before it may be gone."""
    with psycopg.connect(database.url()) as session:
        return session.execute(statement).fetchone() or ()


def publish(shop: Processes) -> None:
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", PUBLISH]
    subprocess.run(command, check=True, env=os.environ | shop.env, cwd=ROOT)  # noqa: S603  ours


@thorough
def test_a_restart_of_the_database_repeats_no_mail_and_loses_none(
    database: Postgres, shop_of_its_own: Processes, tmp_path: Path
) -> None:
    shop = shop_of_its_own
    in_state = "SELECT count(*) FROM deferral_job WHERE state = '{}'"
    with running(database):
        shop.prepare()
        publish(shop)
        shop.relay()
        shop.celery(Worker("mail", "mail", 24, "threads"))
        shop.ready()
        eventually(lambda: said(database, in_state.format("running")) == (MAILS,), show=shop.logs)

    with running(database):
        eventually(lambda: said(database, LOCKS) == (MAILS + 1,), show=shop.logs)
        eventually(lambda: said(database, RELAY_HAS_LOOKED) == (True,))
        (tmp_path / "all-may-end").touch()
        eventually(lambda: said(database, in_state.format("done")) == (MAILS,), show=shop.logs)
        assert said(database, RESULTS) == (MAILS, 1, 1), shop.logs()

    marks = [(tmp_path / f"sent-{number}").read_text() for number in range(MAILS)]
    assert [len(found.splitlines()) for found in marks] == [1] * MAILS


def holder() -> tuple[int, int]:
    """Which session holds the locks, and how many."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDER)
        pid, locks = cursor.fetchone()
    return pid, locks


def end_holder() -> int:
    pid, _ = holder()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    return pid


def others_hold(locks: int, ended: int) -> bool:
    """Whether another session than the one that was ended holds them all."""
    pid, found = holder()
    return pid != ended and found == locks


def test_a_worker_whose_session_is_ended_locks_again_what_runs(shop: RunningShop) -> None:
    shop.relay()
    worker = in_threads(shop, 13)
    keys = poke_many(shop, "linger", 12)
    wait_until_running(shop, 12)

    for number in range(3):
        ended = end_holder()
        eventually(partial(others_hold, 13, ended), show=shop.logs)
        shop.poke("note", f"after-{number}")  # the relay has looked

    open_door(shop)
    assert costs(all_done(shop, keys)) == {(1, 0, 0)}, shop.logs()
    assert sum(shop.marks(f"linger-{number}") for number in range(12)) == 12
    assert worker.poll() is None
    eventually(lambda: held_locks() == 1)
