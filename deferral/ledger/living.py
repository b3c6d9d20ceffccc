"""Which processes live: by their sessions in the database, and the locks that they hold there."""

from datetime import timedelta

from django.db import connection

from deferral.database.locks import WORKER

# A process that has been silent for longer than it ever is.
SILENT_AFTER = {"relay": 10, "beat": 60, "worker": 30}

LIVING = """
SELECT EXISTS (
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = %s
      AND state_change > clock_timestamp() - make_interval(secs => %s))
"""

SILENCE = """
SELECT min(clock_timestamp() - state_change) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = %s
"""

WORKERS = """
SELECT w.name FROM deferral_worker w JOIN pg_locks l
  ON l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
 AND (l.classid::bigint << 32) + l.objid::bigint = %s + w.id
WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY w.name
"""
WORKER_IDS = WORKERS.replace("w.name", "w.id")
SIGNS = WORKERS.replace(
    "SELECT w.name", "SELECT w.name, extract(epoch FROM now() - w.seen_at)::float", 1
)


def is_living(role: str) -> bool:
    """Whether a relay, or a beat, has spoken to the database lately."""
    with connection.cursor() as cursor:
        cursor.execute(LIVING, [role, SILENT_AFTER[role]])
        return bool(cursor.fetchone()[0])


def silence_of(role: str) -> timedelta | None:
    """How long ago a relay, or a beat, last spoke to the database; None when none is there."""
    with connection.cursor() as cursor:
        cursor.execute(SILENCE, [role])
        found: timedelta | None = cursor.fetchone()[0]
    return found


def living_workers() -> list[str]:
    """The names of the workers whose main process lives."""
    with connection.cursor() as cursor:
        cursor.execute(WORKERS, [WORKER])
        return [name for (name,) in cursor.fetchall()]


def signs_of_workers() -> list[tuple[str, float]]:
    """Each worker whose main process lives, and how many seconds ago it gave a sign of life."""
    with connection.cursor() as cursor:
        cursor.execute(SIGNS, [WORKER])
        return list(cursor.fetchall())


def living_worker_ids() -> set[int]:
    """The rows of the workers whose main process lives; one name has had many."""
    with connection.cursor() as cursor:
        cursor.execute(WORKER_IDS, [WORKER])
        return {id_ for (id_,) in cursor.fetchall()}
