"""Settling a claimed job as a person wants it: paused, or cancelled (`ledger.control`)."""

from deferral.ledger.bodies import releasing
from deferral.ledger.claims import Claim
from deferral.ledger.settling import CHORD_GRACE, FENCED, RELEASED_AT, write

PAUSE = f"""
WITH paused AS (
    UPDATE deferral_job
    SET state = 'paused', asked = '', sent_at = NULL, lease_until = NULL, attempts = attempts - 1
    WHERE {FENCED}
    RETURNING 1
)
SELECT n, pg_advisory_unlock(%(lock)s) FROM (SELECT count(*) AS n FROM paused) f
"""  # noqa: S608 - a condition of our own

CANCEL = f"""
WITH cancelled AS (
    UPDATE deferral_job
    SET state = 'discarded', asked = '', settled_at = now(), lease_until = NULL
    WHERE {FENCED}
    RETURNING body_id
), {releasing("cancelled", due=RELEASED_AT)}
SELECT n, pg_advisory_unlock(%(lock)s) FROM (SELECT count(*) AS n FROM cancelled) f
"""  # noqa: S608 - steps of our own


def pause(held: Claim) -> bool:
    """A person wants it to stop for a while: it waits, at no cost, until somebody resumes it."""
    return write(PAUSE, held)


def cancel(held: Claim) -> bool:
    """A person wants no more of it. What waits for it goes on without."""
    return write(CANCEL, held, chord_grace=CHORD_GRACE)
