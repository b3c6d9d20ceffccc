"""Jobs whose process died run again.

Running, and its lock is free: the process is gone (PostgreSQL freed the lock as its socket
closed). Looked at every second. Not for jobs that failed: those say so themselves.

After the database was away nobody holds anything, and everybody lives: who holds the locks of a
thread worker's jobs takes them again within two seconds, so nothing is rescued for four. One that
has lost its session alone does so within the moment after which the relay looks once more.
"""

import time
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction

from deferral.crashpoints import crashpoint
from deferral.database.locks import JOB, WORKER
from deferral.ledger import poison
from deferral.models import Job

log = structlog.get_logger(__name__)

# Seconds after a start of the database in which nothing is rescued.
RETAKING = 4.0
# Seconds after which a worker that seems to be gone is.
MOMENT = 0.4

ABANDONED = r"""
WITH running AS MATERIALIZED (
    SELECT id FROM deferral_job WHERE state = 'running'
      AND clock_timestamp() - pg_postmaster_start_time() > make_interval(secs => %(retaking)s)
),
free AS MATERIALIZED (SELECT id FROM running WHERE pg_try_advisory_xact_lock(%(job)s + id)),
gone AS (
    SELECT j.id, j.worker, substring(j.worker FROM '^\d{1,18}')::bigint AS worker_id
    FROM deferral_job j JOIN free USING (id)
    WHERE j.state = 'running' FOR UPDATE OF j SKIP LOCKED
), workers AS MATERIALIZED (
    SELECT w.id, w.pid, w.stopping_at IS NOT NULL AS stopping,
           pg_try_advisory_xact_lock_shared(%(worker)s + w.id) AS gone
    FROM deferral_worker w WHERE w.id IN (SELECT worker_id FROM gone)
)
SELECT g.id, coalesce(w.gone, true), g.worker = concat(w.id, ':', w.pid),
       coalesce(w.stopping, false)
       OR clock_timestamp() - pg_postmaster_start_time() < make_interval(secs => %(grace)s)
FROM gone g LEFT JOIN workers w ON w.id = g.worker_id
"""


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A running job whose process is gone, and whether it may be blamed for that.

    `in_thread`: the worker's own process ran it, beside others; if that lives, it could not settle
    the job. `grace`: nobody is to blame. The database has just started, or the worker was being
    stopped.
    """

    job_id: int
    worker_gone: bool
    in_thread: bool
    grace: bool

    @property
    def died_alone(self) -> bool:
        """Whether only this job can have killed it."""
        return not (self.worker_gone or self.in_thread)

    @property
    def fate(self) -> str:
        """What there is to tell of it."""
        if self.worker_gone:
            return "its worker died"
        return "its thread left it unsettled" if self.in_thread else "its process died"


def retaking() -> float:
    """Seconds after an outage in which nothing is rescued: afterwards there is still some grace."""
    return min(RETAKING, settings.CRASH_GRACE / 2)


def rescue(*, forgiving: bool) -> int:
    """Make abandoned jobs due again, or bury them; return how many. Two relays share the work.

    `forgiving`: the relay itself has just come back, so nothing is held against anybody. What
    became free since the first look is left for the next second's: its worker may be about to lock
    again.
    """
    seen = _abandoned()
    if not seen:
        return 0
    if any(found.worker_gone for found in seen):
        time.sleep(MOMENT)
    with transaction.atomic():
        once = {found.job_id for found in seen}
        abandoned = [found for found in _abandoned() if found.job_id in once]
        rows = Job.objects.in_bulk([found.job_id for found in abandoned])
        for found in abandoned:
            crashpoint("abandoned_seen")
            _put_back(rows[found.job_id], found, forgiving=forgiving or found.grace)
            crashpoint("put_back")
    if abandoned:
        crashpoint("rescued")
    return len(abandoned)


def _abandoned() -> list[Abandoned]:
    numbers = {
        "job": JOB,
        "worker": WORKER,
        "grace": settings.CRASH_GRACE,
        "retaking": retaking(),
    }
    with connection.cursor() as cursor:
        cursor.execute(ABANDONED, numbers)
        return [Abandoned(*row) for row in cursor.fetchall()]


def _put_back(row: Job, found: Abandoned, *, forgiving: bool) -> None:
    poison.put_back(row, found.fate)
    if not forgiving:
        poison.blame(row, worker_gone=not found.died_alone)
    row.save()
    log.warning("job_rescued", job=row.key, worker_gone=found.worker_gone, state=row.state)
