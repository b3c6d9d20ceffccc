"""Writing down how far a long job is, under its fence: one statement each.

Inside a transaction it commits with what the step has done there, or not at all: the row of the job
stays locked until then, so nobody can take the job over in between. Each returns None, and has
changed nothing, when the fence is lost.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from deferral.ledger.claims import Claim, as_json
from deferral.ledger.settling import FENCED

# A death counts against a job since its last checkpoint: whoever gets on is no poison.
MINE = f"""mine AS (
    UPDATE deferral_job SET lease_until = now() + make_interval(secs => %(lease)s),
        attempts = CASE WHEN %(gets_on)s THEN 1 ELSE attempts END,
        crashes = CASE WHEN %(gets_on)s THEN 0 ELSE crashes END,
        losses = CASE WHEN %(gets_on)s THEN 0 ELSE losses END
    WHERE {FENCED}
    RETURNING id, asked, substring(worker FROM '^\\d{{1,18}}')::bigint AS worker_id
)"""  # noqa: S608 - a condition of our own

BEGIN = f"""
WITH {MINE}, begun AS (
    INSERT INTO deferral_jobstep (job_id, name, total, unit)
    SELECT id, %(name)s, %(total)s, %(unit)s FROM mine
    ON CONFLICT (job_id, name) DO UPDATE
    SET total = coalesce(excluded.total, deferral_jobstep.total)
    RETURNING cursor, result, done, total, ended_at IS NOT NULL AS is_over
)
SELECT asked, stopping_at IS NOT NULL, cursor, result, done, total, is_over
FROM mine CROSS JOIN begun LEFT JOIN deferral_worker w ON w.id = worker_id
"""  # noqa: S608 - a step of our own

SAVE = f"""
WITH {MINE}, saved AS (
    UPDATE deferral_jobstep s
    SET cursor = %(cursor)s::jsonb, done = %(done)s, total = %(total)s, pace = %(pace)s::jsonb,
        result = %(result)s::jsonb, seen_at = clock_timestamp(),
        ended_at = CASE WHEN %(is_over)s THEN clock_timestamp() END
    FROM mine WHERE s.job_id = mine.id AND s.name = %(name)s
)
SELECT asked, stopping_at IS NOT NULL
FROM mine LEFT JOIN deferral_worker w ON w.id = worker_id
"""  # noqa: S608 - a step of our own


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a job learns when it writes down how far it is.

    `asked` is what a person wants of it (`Job.Asked`); `worker_leaves` says that it should end its
    turn.
    """

    asked: str
    worker_leaves: bool


@dataclass(kw_only=True, slots=True)
class Progress:
    """Where a step stands. `cursor` and `result` are JSON; see `models.JobStep`."""

    cursor: Any = None
    result: Any = None
    done: int = 0
    total: int | None = None
    pace: list[tuple[float, int]]
    is_over: bool = False


def begin(
    held: Claim, *, name: str, total: int | None, unit: str, lease: float
) -> tuple[Wanted, Progress] | None:
    """The step's row, made if it is new. A `total` that is given replaces what it was."""
    values = {"name": name, "total": total, "unit": unit, "lease": lease, "gets_on": False}
    row = _one(BEGIN, held.fence | values)
    if row is None:
        return None
    asked, leaves, cursor, result, done, of, is_over = row
    found = Progress(cursor=as_json(cursor), result=as_json(result), pace=[])
    found.done, found.total, found.is_over = done, of, is_over
    return Wanted(asked=asked, worker_leaves=leaves), found


def save(held: Claim, *, name: str, now: Progress, lease: float, gets_on: bool) -> Wanted | None:
    """The step as it is now. `gets_on`: further than before, so that its past is forgiven."""
    values = {
        "name": name,
        "cursor": _stored(now.cursor),
        "result": _stored(now.result),
        "done": now.done,
        "total": now.total,
        "pace": json.dumps(now.pace),
        "is_over": now.is_over,
        "lease": lease,
        "gets_on": gets_on,
    }
    row = _one(SAVE, held.fence | values)
    return None if row is None else Wanted(asked=row[0], worker_leaves=row[1])


def _one(statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _stored(value: Any) -> str | None:
    return None if value is None else json.dumps(value)
