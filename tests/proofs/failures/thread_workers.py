"""Workers that run their jobs in threads, and what is seen of them from outside."""

from collections.abc import Callable

from django.db import connection

from deferral.database.locks import job_lock
from deferral.models import Job
from launcher.servers.process import Process
from launcher.workers import Worker
from tests.probes.events import Poked
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

# As the session of a process that holds them is seen by others; no other holds 64-bit locks.
LOCKS = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
THIS_ONE = " AND (classid::bigint << 32) + objid::bigint = %s"


def in_threads(shop: RunningShop, threads: int, queues: str = "partners", **env: str) -> Process:
    """A worker of so many threads."""
    return shop.celery(Worker(f"threads{len(shop.started)}", queues, threads, "threads"), **env)


def poke_many(shop: RunningShop, probe: str, count: int) -> list[str]:
    """So many jobs of this probe; their keys. All leave their marks under its name."""
    for number in range(count):
        shop.publish(Poked(name=f"{probe}-{number}", probe=probe))
    return [f"{probe}:{probe}-{number}" for number in range(count)]


def running() -> int:
    """How many jobs run now."""
    return Job.objects.filter(state="running").count()


def wait_until_running(shop: RunningShop, count: int) -> None:
    eventually(lambda: running() >= count, show=shop.logs)


def until(happened: Callable[[], bool], shop: RunningShop, patience: float = 80) -> None:
    """Whoever dies meanwhile is started again, as a supervisor does."""

    def look() -> bool:
        shop.start_again()
        return happened()

    eventually(look, patience=patience, show=shop.logs)


def open_door(shop: RunningShop) -> None:
    """Whatever waits may end."""
    (shop.scratch / "all-may-end").touch()


def all_done(shop: RunningShop, keys: list[str], patience: float = 40) -> list[Job]:
    """These jobs, once each of them is done."""
    rows = Job.objects.filter(key__in=keys)
    eventually(
        lambda: rows.filter(state="done").count() == len(keys),
        patience=patience,
        show=lambda: f"{sorted(rows.values_list('key', 'state', 'errors'))}\n{shop.logs()}",
    )
    return list(rows)


def costs(jobs: list[Job]) -> set[tuple[int, int, int]]:
    """(attempts, crashes, losses) of each."""
    return {(job.attempts, job.crashes, job.losses) for job in jobs}


def held_locks(job: Job | None = None) -> int:
    """How many locks of ours are held by anybody; or the one of this job."""
    statement, values = (LOCKS + THIS_ONE, [job_lock(job.pk)]) if job else (LOCKS, [])
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])
