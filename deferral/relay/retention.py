"""Settled rows leave in batches after 90 days. Dead rows never leave by themselves."""

from functools import partial

import structlog
from celery import current_app
from django.db import connection, transaction

from deferral.database.locks import WORKER
from deferral.long_jobs import Step, step
from deferral.policies import PROMPT
from deferral.tasks import deferred_task

log = structlog.get_logger(__name__)

KEPT_DAYS = 90
BATCH = 1_000

# Parts before bodies: a body is not deleted while a part still names it. What a person did to a row
# stays, and says itself what it was about.
DELETE_JOBS = """
WITH old AS MATERIALIZED (
    SELECT j.id FROM deferral_job j
    WHERE j.state IN ('done', 'discarded', 'expired')
      AND j.settled_at < now() - make_interval(days => %(days)s)
      AND NOT EXISTS (SELECT 1 FROM deferral_job p WHERE p.body_id = j.id)
    ORDER BY j.settled_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), notes AS (
    UPDATE deferral_intervention SET job_id = NULL WHERE job_id IN (SELECT id FROM old)
), steps AS (
    DELETE FROM deferral_jobstep WHERE job_id IN (SELECT id FROM old)
)
DELETE FROM deferral_job WHERE id IN (SELECT id FROM old)
"""

DELETE_EVENTS = """
WITH old AS MATERIALIZED (
    SELECT e.id FROM deferral_event e
    WHERE e.state IN ('expanded', 'discarded')
      AND e.expanded_at < now() - make_interval(days => %(days)s)
      AND NOT EXISTS (SELECT 1 FROM deferral_job j WHERE j.event_id = e.id)
    ORDER BY e.expanded_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), notes AS (
    UPDATE deferral_intervention SET event_id = NULL WHERE event_id IN (SELECT id FROM old)
)
DELETE FROM deferral_event WHERE id IN (SELECT id FROM old)
"""

DELETE_RATE_LIMITS = """
DELETE FROM deferral_ratelimit WHERE key IN (
    SELECT key FROM deferral_ratelimit WHERE began < now() - interval '1 day'
    ORDER BY began LIMIT %(batch)s)
"""

DELETE_SAMPLES = """
DELETE FROM deferral_queuesample WHERE id IN (
    SELECT id FROM deferral_queuesample WHERE at < now() - interval '1 day'
    ORDER BY id LIMIT %(batch)s)
"""

DELETE_SHEDDING = """
DELETE FROM deferral_shedding WHERE id IN (
    SELECT id FROM deferral_shedding WHERE minute < now() - make_interval(days => %(days)s)
    ORDER BY minute LIMIT %(batch)s)
"""

# A day after they left nothing running names them.
DELETE_WORKERS = """
DELETE FROM deferral_worker w WHERE w.id IN (
    SELECT id FROM deferral_worker
    WHERE started_at < now() - interval '1 day' ORDER BY id LIMIT %(batch)s)
  AND pg_try_advisory_xact_lock(%(worker)s + w.id)
"""


# By kind of row: a step of the sweep each.
STATEMENTS = {
    "jobs": DELETE_JOBS,
    "events": DELETE_EVENTS,
    "workers": DELETE_WORKERS,
    "rate_limits": DELETE_RATE_LIMITS,
    "samples": DELETE_SAMPLES,
    "shedding": DELETE_SHEDDING,
}


@deferred_task(
    name="deferral.sweep", queue="bulk", retry=PROMPT, time_limit=120, schedulable=True, long=True
)
def sweep_ledger() -> None:
    """Every night: delete what is old enough. Safe to repeat: what is gone is gone."""
    step("results", lambda _: current_app.backend.cleanup())
    counts = {
        kind: step(kind, partial(_all_batches, statement), unit="rows")
        for kind, statement in STATEMENTS.items()
    }
    log.info("ledger_swept", **counts)


def _all_batches(statement: str, current: Step) -> int:
    """How many rows left. Each batch commits with its count, so that none is counted twice."""
    total: int = current.cursor or 0
    parameters = {"days": KEPT_DAYS, "batch": BATCH, "worker": WORKER}
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            if not cursor.rowcount:  # bodies go in the batch after their last parts
                return total
            total += cursor.rowcount
            current.checkpoint(total, done=total)
