"""Settling a claimed job: one statement each, under the fence.

It frees the job's lock as it ends, where its own session holds that (`ledger.locking`).

Each returns False when the fence is lost; then nothing has changed. Not for jobs that nobody holds:
those are the relay's (`relay.rescue`, `relay.expiry`) and staff's (`ledger.dead_letters`).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from deferral.ledger.bodies import PATIENCE, releasing, warning
from deferral.ledger.claims import Claim

# A body handed out by a chord is given this long to arrive before the relay sends it itself.
CHORD_GRACE = 2.0
RELEASED_AT = """CASE WHEN b.sent_at IS NULL THEN b.next_at
                      ELSE now() + make_interval(secs => %(chord_grace)s) END"""

FENCED = "id = %(id)s AND epoch = %(epoch)s AND worker = %(worker)s AND state = 'running'"

# Unlocks after the update, in the same round trip; so do the two below.
FINISH = f"""
WITH finished AS (
    UPDATE deferral_job SET state = 'done', settled_at = now(), lease_until = NULL
    WHERE {FENCED}
    RETURNING body_id
), {releasing("finished", due=RELEASED_AT)}
SELECT n, pg_advisory_unlock(%(lock)s) FROM (SELECT count(*) AS n FROM finished) f
"""  # noqa: S608 - steps of our own

PUT_BACK = f"""
WITH changed AS (
    UPDATE deferral_job
    SET state = 'pending', sent_at = NULL, lease_until = NULL, errors = %(errors)s::jsonb,
        next_at = now() + CASE WHEN asked = '' THEN make_interval(secs => %(wait)s) ELSE '0' END,
        attempts = attempts - %(refund)s, snoozes = snoozes + %(snooze)s
    WHERE {FENCED}
    RETURNING 1
)
SELECT n, pg_advisory_unlock(%(lock)s) FROM (SELECT count(*) AS n FROM changed) f
"""  # noqa: S608 - a condition of our own

BURY = f"""
WITH buried AS (
    UPDATE deferral_job
    SET state = 'dead', settled_at = now(), lease_until = NULL, errors = %(errors)s::jsonb,
        cause = %(cause)s
    WHERE {FENCED}
    RETURNING body_id
), {warning("buried")}
SELECT n, pg_advisory_unlock(%(lock)s) FROM (SELECT count(*) AS n FROM buried) f
"""  # noqa: S608 - steps of our own

# Those of a process that ends while its threads run them. It may take a moment to be gone.
GIVE_BACK_ALL = """
WITH ours AS (
    SELECT j.id FROM deferral_job j
    JOIN unnest(%(ids)s::bigint[], %(epochs)s::int[], %(workers)s::text[]) AS f (id, epoch, worker)
      ON j.id = f.id AND j.epoch = f.epoch AND j.worker = f.worker
    WHERE j.state = 'running' FOR UPDATE OF j SKIP LOCKED
)
UPDATE deferral_job j
SET state = 'pending', sent_at = NULL, lease_until = NULL, attempts = j.attempts - 1,
    next_at = now() + interval '1 s'
FROM ours WHERE j.id = ours.id
"""


def finish(held: Claim) -> bool:
    """Settle as done and release what waits for it.

    Inside a transaction it commits with the effect, or not at all.
    """
    return write(FINISH, held, chord_grace=CHORD_GRACE)


def retry(held: Claim, *, wait: float, error: Mapping[str, Any]) -> bool:
    """It failed: again in `wait` seconds. The attempt is spent."""
    errors = held.errors_with(**error)
    return write(PUT_BACK, held, wait=wait, refund=0, snooze=0, errors=errors)


def snooze(held: Claim, *, wait: float) -> bool:
    """It was not its turn: again in `wait` seconds. The attempt is given back."""
    errors = json.dumps(held.errors)
    return write(PUT_BACK, held, wait=wait, refund=1, snooze=1, errors=errors)


def give_back(held: Claim) -> bool:
    """Our own outage stopped it: again in a second, at no cost."""
    errors = json.dumps(held.errors)
    return write(PUT_BACK, held, wait=1.0, refund=1, snooze=0, errors=errors)


def give_back_all(held: Sequence[Claim]) -> int:
    """Their process has to end: again in a second, at no cost; return how many were still ours.

    In one statement. Their locks stay with the process until it is gone. One that is just being
    settled is left out: a transaction that hangs must not keep the others.
    """
    columns: dict[str, Any] = {
        "ids": [one.id for one in held],
        "epochs": [one.epoch for one in held],
        "workers": [one.worker for one in held],
    }
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK_ALL, columns)
        return int(cursor.rowcount)


def bury(held: Claim, *, error: Mapping[str, Any]) -> bool:
    """A person must look at it. What waits for it goes on without it after a while."""
    errors, cause = held.errors_with(**error), error["cause"]
    return write(BURY, held, patience=PATIENCE, errors=errors, cause=cause)


def write(statement: str, held: Claim, **parameters: Any) -> bool:
    """Run a settling statement under the fence; False when that is lost."""
    with connection.cursor() as cursor:
        cursor.execute(statement, held.fence | parameters)
        [count, _unlocked] = cursor.fetchone()
    return bool(count)
