"""Jobs that a running job adds, many at a time: one statement, under its fence.

They wait for nobody. Where the job that adds them is a part of a join, they are parts of the same
join: its body cannot be released before, for this part is still open.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from deferral.ledger.claims import Claim
from deferral.ledger.settling import FENCED

ADD = f"""
WITH mine AS MATERIALIZED (
    SELECT event_id, subject, context, body_id FROM deferral_job WHERE {FENCED} FOR NO KEY UPDATE
), written AS (
    INSERT INTO deferral_job (
        key, task, kwargs, queue, service, schema_version, ordering_key, expires_at, next_at,
        event_id, subject, context, body_id, state, attempts, crashes, losses, snoozes, task_id,
        epoch, worker, is_body, open_parts, errors)
    SELECT p.key, p.task, p.kwargs, p.queue, p.service, p.schema_version, p.ordering_key,
        now() + make_interval(secs => p.lifetime), now() + make_interval(secs => p.delay),
        m.event_id, m.subject, m.context, m.body_id, 'pending', 0, 0, 0, 0, gen_random_uuid(),
        0, '', false, 0, '[]'
    FROM mine m CROSS JOIN jsonb_to_recordset(%(parts)s::jsonb) AS p (
        key text, task text, kwargs jsonb, queue text, service text, schema_version int,
        ordering_key text, lifetime float, delay float)
    ON CONFLICT (key) DO NOTHING
    RETURNING body_id
), counted AS (
    UPDATE deferral_job b SET open_parts = b.open_parts + found.parts
    FROM (SELECT body_id, count(*) AS parts FROM written GROUP BY body_id) AS found
    WHERE b.id = found.body_id AND b.state || '' = 'waiting'
)
SELECT count(*), (SELECT count(*) FROM written) FROM mine
"""  # noqa: S608 - a condition of our own


def add(held: Claim, parts: Sequence[Mapping[str, Any]]) -> int | None:
    """Write those whose key is new; return how many. None when the fence is lost."""
    with connection.cursor() as cursor:
        cursor.execute(ADD, held.fence | {"parts": json.dumps(list(parts))})
        ours, count = cursor.fetchone()
    return int(count) if ours else None
