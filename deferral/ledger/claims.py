"""Claiming a job: one statement takes its lock and its row, or nothing.

Where the process's session holds the locks of all its threads (`database.holding`), the lock is
taken before the claim and dropped after what settles it: `ledger.locking`.

The fence is (epoch, worker): a claim raises the epoch and names the worker's session, and every
statement that settles the job (`settling`) requires both. Whoever was overtaken changes nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import connection

from deferral.ledger.locking import own_lock
from deferral.ledger.ordering import has_open_predecessor
from deferral.ledger.reports import with_report


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A job that is ours until it is settled, or until our process dies.

    Its fields are columns of the job's row, as CLAIM returns them.
    """

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
    started_at: datetime
    asked: str

    @property
    def fence(self) -> dict[str, Any]:
        """What every settling statement must match."""
        return {
            "id": self.id,
            "epoch": self.epoch,
            "worker": self.worker,
            "lock": own_lock(self.id),
        }

    def errors_with(self, **error: Any) -> str:
        """The last ten errors with this one, as JSON."""
        began = self.started_at.isoformat(timespec="milliseconds")
        entry = error | {"attempt": self.attempts, "worker": self.worker, "began": began}
        return json.dumps(with_report(self.errors, entry), default=str)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """The job is not ours. `state` is what it was; None for a job that does not exist."""

    state: str | None


COLUMNS = tuple(field.name for field in fields(Claim))
JSON_COLUMNS = ("kwargs", "context", "errors")

# The claim itself may be forgotten if PostgreSQL crashes within 0.6 s: the row is pending again, as
# any crash would have made it. So it need not wait for the disk. What settles a job does wait. Nor
# does a slot wait for a row that somebody holds: the hint is given again.
# Without a number the lock is held already, by the process's session.
CLAIM = f"""
WITH held AS MATERIALIZED (
    SELECT coalesce(pg_try_advisory_lock(%(lock)s), true) AS ok,
           set_config('synchronous_commit', 'off', true),
           set_config('lock_timeout', '1s', true)
), claimed AS (
    UPDATE deferral_job j
    SET state = 'running', epoch = j.epoch + 1, attempts = j.attempts + 1, worker = %(worker)s,
        started_at = now(), lease_until = now() + make_interval(secs => %(lease)s)
    FROM held
    WHERE held.ok AND j.id = %(id)s AND j.task = %(task)s AND j.state = 'pending'
      AND (j.next_at <= now() OR (j.is_body AND j.epoch = 0))
      AND (j.expires_at IS NULL OR j.expires_at > now())
      AND NOT {has_open_predecessor("j")}
    RETURNING j.*
)
SELECT held.ok, (SELECT state FROM deferral_job WHERE id = %(id)s AND task = %(task)s),
       c.id IS NOT NULL, {", ".join(f"c.{name}" for name in COLUMNS)}
FROM held LEFT JOIN claimed c ON true
"""  # noqa: S608 - names of our own

UNLOCK = "SELECT pg_advisory_unlock(%(lock)s)"
UNSEND = "UPDATE deferral_job SET sent_at = NULL WHERE id = ANY(%(ids)s) AND state = 'pending'"


def claim(job_id: int, *, task: str, worker: str, lease: float) -> Claim | Refusal:
    """Take a due job, atomically: its lock, and its row under a new epoch.

    A refusal changes nothing, except that a job which is due later, or after another of its
    ordering key, is given a new hint when its turn comes. `lease` is in seconds.
    """
    parameters: dict[str, Any] = {"id": job_id, "task": task, "worker": worker, "lease": lease}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, parameters | {"lock": own_lock(job_id)})
        locked, state, is_ours, *row = cursor.fetchone()
        if is_ours:
            return _claim(row)
        if locked:
            cursor.execute(UNLOCK, {"lock": own_lock(job_id)})
            cursor.execute(UNSEND, {"ids": [job_id]})
    return Refusal(state=state)


def hand_back(job_ids: Sequence[int]) -> None:
    """The hints of jobs that are not begun here: the relay gives others at once. Error.

    Nothing happens to what somebody has claimed meanwhile. Not for a job whose lock another has:
    hint after hint would meet it, and a marker finds those ever more seldom.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNSEND, {"ids": list(job_ids)})


def _claim(row: Sequence[Any]) -> Claim:
    values = dict(zip(COLUMNS, row, strict=True))
    return Claim(**values | {name: as_json(values[name]) for name in JSON_COLUMNS})


def as_json(value: Any) -> Any:
    """Django registers jsonb as text on its own connections, for its JSONField's sake."""
    return json.loads(value) if isinstance(value, str) else value
