"""Claiming a job and settling it: one statement each, and each only under the fence.

The fence is (epoch, worker): a claim raises the epoch and names the worker's session, and every
settling statement requires both. Whoever was overtaken changes nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import Error, connection

from deferral.database.locks import job_lock

# A body handed out by a chord is given this long to arrive before the relay sends it itself.
CHORD_GRACE = 2.0
# How long a body waits for a buried part before it goes without.
PATIENCE = 15 * 60
KEPT_ERRORS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A job that is ours until it is settled, or until our process dies."""

    id: int
    key: str
    subject: str
    task: str
    kwargs: dict[str, Any]
    context: dict[str, str]
    schema_version: int
    attempts: int
    epoch: int
    worker: str
    errors: list[dict[str, Any]]
    began: datetime

    @property
    def fence(self) -> dict[str, Any]:
        """What every settling statement must match."""
        return {
            "id": self.id,
            "epoch": self.epoch,
            "worker": self.worker,
            "lock": job_lock(self.id),
        }

    def errors_with(self, **error: Any) -> str:
        """The last ten errors with this one, as JSON."""
        began = self.began.isoformat(timespec="milliseconds")
        entry = error | {"attempt": self.attempts, "worker": self.worker, "began": began}
        return json.dumps([*self.errors, entry][-KEPT_ERRORS:], default=str)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """The job is not ours. `state` is what it was; None for a job that does not exist."""

    state: str | None


# The claim itself may be forgotten if PostgreSQL crashes within 0.6 s: the row is pending again, as
# any crash would have made it. So it need not wait for the disk. What settles a job does wait. Nor
# does a slot wait for a row that somebody holds: the hint is given again.
CLAIM = """
WITH held AS MATERIALIZED (
    SELECT pg_try_advisory_lock(%(lock)s) AS ok, set_config('synchronous_commit', 'off', true),
           set_config('lock_timeout', '1s', true)
), claimed AS (
    UPDATE deferral_job j
    SET state = 'running', epoch = j.epoch + 1, attempts = j.attempts + 1, worker = %(worker)s,
        started_at = now(), lease_until = now() + make_interval(secs => %(lease)s)
    FROM held
    WHERE held.ok AND j.id = %(id)s AND j.task = %(task)s AND j.state = 'pending'
      AND (j.next_at <= now() OR (j.is_body AND j.epoch = 0))
      AND (j.expires_at IS NULL OR j.expires_at > now())
      AND NOT EXISTS (
          SELECT 1 FROM deferral_job e
          WHERE e.serial = j.serial AND e.id < j.id
            AND e.state IN ('waiting', 'pending', 'running', 'dead'))
    RETURNING j.*
)
SELECT held.ok, (SELECT state FROM deferral_job WHERE id = %(id)s AND task = %(task)s),
       c.id, c.key, c.subject, c.task, c.kwargs, c.context, c.schema_version, c.attempts, c.epoch,
       c.worker, c.errors, c.started_at
FROM held LEFT JOIN claimed c ON true
"""

# Unlocks after the update, in the same round trip. The body's counter changes under its row lock,
# so that two last parts cannot miss each other. `state || ''` keeps the planner from looking for
# the body in the index of all that wait: statistics from a quiet hour say that there are none.
FINISH = """
WITH finished AS (
    UPDATE deferral_job SET state = 'done', settled_at = now(), lease_until = NULL
    WHERE id = %(id)s AND epoch = %(epoch)s AND worker = %(worker)s AND state = 'running'
    RETURNING body_id
), released AS (
    UPDATE deferral_job b
    SET open_parts = b.open_parts - 1,
        state = CASE WHEN b.open_parts = 1 AND b.state = 'waiting' THEN 'pending' ELSE b.state END,
        next_at = CASE WHEN b.sent_at IS NULL THEN b.next_at
                       ELSE now() + make_interval(secs => %(chord_grace)s) END,
        sent_at = CASE WHEN b.open_parts = 1 THEN NULL ELSE b.sent_at END
    FROM finished WHERE b.id = finished.body_id AND b.state || '' = 'waiting'
)
SELECT n, pg_advisory_unlock(%(lock)s) FROM (SELECT count(*) AS n FROM finished) f
"""

PUT_BACK = """
WITH changed AS (
    UPDATE deferral_job
    SET state = 'pending', sent_at = NULL, lease_until = NULL, errors = %(errors)s::jsonb,
        next_at = now() + make_interval(secs => %(wait)s),
        attempts = attempts - %(refund)s, snoozes = snoozes + %(snooze)s
    WHERE id = %(id)s AND epoch = %(epoch)s AND worker = %(worker)s AND state = 'running'
    RETURNING 1
)
SELECT n, pg_advisory_unlock(%(lock)s) FROM (SELECT count(*) AS n FROM changed) f
"""

BURY = """
WITH buried AS (
    UPDATE deferral_job
    SET state = 'dead', settled_at = now(), lease_until = NULL, errors = %(errors)s::jsonb,
        cause = %(cause)s
    WHERE id = %(id)s AND epoch = %(epoch)s AND worker = %(worker)s AND state = 'running'
    RETURNING body_id
), warned AS (
    UPDATE deferral_job b
    SET release_at = coalesce(b.release_at, now() + make_interval(secs => %(patience)s))
    FROM buried WHERE b.id = buried.body_id AND b.state || '' = 'waiting'
)
SELECT n, pg_advisory_unlock(%(lock)s) FROM (SELECT count(*) AS n FROM buried) f
"""

# Two steps of a statement whose first, `gone`, returns what was given up: expired and shed are
# settled, and what waits for such a part waits no longer.
LETTING_BODIES_GO = """
counted AS (
    SELECT body_id AS id, count(*) AS parts FROM gone WHERE body_id IS NOT NULL GROUP BY body_id
), released AS (
    UPDATE deferral_job b
    SET open_parts = b.open_parts - counted.parts,
        state = CASE WHEN b.open_parts = counted.parts THEN 'pending' ELSE b.state END,
        next_at = CASE WHEN b.open_parts = counted.parts THEN now() ELSE b.next_at END,
        sent_at = CASE WHEN b.open_parts = counted.parts THEN NULL ELSE b.sent_at END
    FROM counted WHERE b.id = counted.id AND b.state = 'waiting'
)"""

UNLOCK = "SELECT pg_advisory_unlock(%(lock)s)"
UNSEND = "UPDATE deferral_job SET sent_at = NULL WHERE id = %(id)s AND state = 'pending'"


def claim(job_id: int, *, task: str, worker: str, lease: float) -> Claim | Refusal:
    """Take a due job, atomically: its lock, and its row under a new epoch.

    A refusal changes nothing, except that a job which is due later, or after another of its
    serial, is given a new hint when its turn comes. `lease` is in seconds.
    """
    parameters: dict[str, Any] = {"id": job_id, "task": task, "worker": worker, "lease": lease}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, parameters | {"lock": job_lock(job_id)})
        locked, seen, *row = cursor.fetchone()
        if row[0] is not None:
            return _claim(row)
        if locked:
            cursor.execute(UNLOCK, {"lock": job_lock(job_id)})
            cursor.execute(UNSEND, {"id": job_id})
    return Refusal(state=seen)


def finish(held: Claim) -> bool:
    """Settle as done and release what waits for it. False: the fence is lost, nothing changed.

    Inside a transaction it commits with the effect, or not at all.
    """
    return _settle(FINISH, held, chord_grace=CHORD_GRACE)


def retry(held: Claim, *, wait: float, error: Mapping[str, Any]) -> bool:
    """It failed: again in `wait` seconds. The attempt is spent."""
    errors = held.errors_with(**error)
    return _settle(PUT_BACK, held, wait=wait, refund=0, snooze=0, errors=errors)


def snooze(held: Claim, *, wait: float) -> bool:
    """It was not its turn: again in `wait` seconds. The attempt is given back."""
    errors = json.dumps(held.errors)
    return _settle(PUT_BACK, held, wait=wait, refund=1, snooze=1, errors=errors)


def give_back(held: Claim) -> bool:
    """Our own outage stopped it: again in a second, at no cost."""
    errors = json.dumps(held.errors)
    return _settle(PUT_BACK, held, wait=1.0, refund=1, snooze=0, errors=errors)


def bury(held: Claim, *, error: Mapping[str, Any]) -> bool:
    """A person must look at it. What waits for it goes on without it after a while."""
    errors, cause = held.errors_with(**error), error["cause"]
    return _settle(BURY, held, patience=PATIENCE, errors=errors, cause=cause)


def let_go() -> None:
    """Free whatever lock this session still holds: its process lives, but not for this job.

    Never raises: a connection that cannot do even that is closed, and PostgreSQL lets go for it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    except Error:
        connection.close()


def _settle(statement: str, held: Claim, **parameters: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, held.fence | parameters)
        [count, _unlocked] = cursor.fetchone()
    return bool(count)


def _claim(row: list[Any]) -> Claim:
    kwargs, context, errors = (_json(row[at]) for at in (4, 5, 10))
    return Claim(
        id=row[0],
        key=row[1],
        subject=row[2],
        task=row[3],
        kwargs=kwargs,
        context=context,
        schema_version=row[6],
        attempts=row[7],
        epoch=row[8],
        worker=row[9],
        errors=errors,
        began=row[11],
    )


def _json(value: Any) -> Any:
    """Django registers jsonb as text on its own connections, for its JSONField's sake."""
    return json.loads(value) if isinstance(value, str) else value
