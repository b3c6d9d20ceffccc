"""A worker of threads is replaced after so many jobs, or so much memory; what jobs leave behind."""

import pytest
from django.db import connection

from config.database import for_threads
from deferral.models import Job
from tests.proofs.failures.thread_workers import (
    all_done,
    costs,
    held_locks,
    in_threads,
    open_door,
    poke_many,
    until,
    wait_until_running,
)
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

SESSIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'worker partners'
"""


def sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS)
        return int(cursor.fetchone()[0])


@thorough
def test_after_so_many_jobs_it_ends_well_and_the_next_goes_on(shop: RunningShop) -> None:
    shop.relay()
    worker = in_threads(shop, 4, WORKER_MAX_JOBS="20")
    lingering = poke_many(shop, "linger", 2)
    wait_until_running(shop, 2)
    keys = poke_many(shop, "note", 40)
    eventually(lambda: "worker_recycled" in shop.logs(), show=shop.logs)
    open_door(shop)

    assert worker.wait(timeout=40) == 0, shop.logs()
    rows = Job.objects.filter(key__in=[*keys, *lingering], state="done")
    until(lambda: rows.count() == 42, shop)
    assert costs(list(rows)) == {(1, 0, 0)}
    assert {shop.marks(key.partition(":")[2]) for key in keys} == {1}


def test_after_so_much_memory_too(shop: RunningShop) -> None:
    shop.relay()
    worker = in_threads(shop, 4, WORKER_MAX_MIB="200")
    [key] = poke_many(shop, "hoard", 1)

    assert worker.wait(timeout=40) == 0, shop.logs()
    assert "MiB of memory" in shop.logs()
    assert costs(all_done(shop, [key], patience=1)) == {(1, 0, 0)}


@pytest.mark.parametrize(
    ("probe", "state"),
    [
        pytest.param("note", "done", marks=thorough),
        ("fall_over", "dead"),
        pytest.param("give_up", "dead", marks=thorough),
    ],
)
def test_many_jobs_leave_no_lock_and_no_connection_behind(
    shop: RunningShop, probe: str, state: str
) -> None:
    shop.relay()
    in_threads(shop, 16)
    keys = poke_many(shop, probe, 60)
    rows = Job.objects.filter(key__in=keys, state=state)
    eventually(lambda: rows.count() == 60, show=shop.logs)

    eventually(lambda: held_locks() == 1, show=shop.logs)  # the worker's own
    assert sessions() <= 1 + for_threads(16)
    assert costs(all_done(shop, poke_many(shop, "ask_who_is_well", 8))) == {(1, 0, 0)}
