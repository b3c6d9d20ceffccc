"""What a worker's processes had claimed, and how much of that is left."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from deferral.database.locks import JOB

Claims = Mapping[int, int]  # a job's id -> the epoch of the claim

CLAIMS = r"""
SELECT j.id, j.epoch
FROM deferral_job j JOIN deferral_worker w ON w.id = substring(j.worker FROM '^\d{1,18}')::bigint
WHERE j.state = 'running' AND w.name LIKE %s || '@%%'
"""
# Of some claims: whose lock is still held (by the relay for a moment, when it looks), which are
# still written down, and whose jobs are neither claimed again nor settled.
LEFT = """
SELECT count(*) FILTER (WHERE is_claimed AND EXISTS (
           SELECT FROM pg_locks l JOIN pg_stat_activity s USING (pid)
           WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
             AND (l.classid::bigint << 32) + l.objid::bigint = %(job)s + id
             AND s.application_name <> 'relay')),
       count(*) FILTER (WHERE is_claimed),
       count(*) FILTER (WHERE is_claimed OR is_due)
FROM (
    SELECT id, state = 'running' AS is_claimed, state = 'pending' AS is_due
    FROM unnest(%(ids)s::bigint[], %(epochs)s::int[]) c(id, epoch)
    JOIN deferral_job USING (id, epoch)
) claims
"""


def claims_of(worker: str) -> Claims:
    """What the processes of a worker of this name run, dead ones too."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIMS, [worker])
        return dict(cursor.fetchall())


def left(claims: Claims) -> dict[str, int]:
    """How many of the claims still have a lock, are still in the row, are not taken up again."""
    parameters: dict[str, Any] = {
        "ids": list(claims),
        "epochs": list(claims.values()),
        "job": JOB,
    }
    with connection.cursor() as cursor:
        cursor.execute(LEFT, parameters)
        locked, written, idle = cursor.fetchone()
    return {"locked": locked, "claimed": written, "idle": idle}
