"""What time alone changes: bodies that have waited long enough, jobs that are pointless now.

Looked at every second by the relay.
"""

from django.db import connection

from deferral.crashpoints import crashpoint
from deferral.ledger.bodies import releasing

# Every part is settled or buried, and the buried ones were waited for: the body goes without them.
RELEASE = """
UPDATE deferral_job b SET state = 'pending', next_at = now(), sent_at = NULL
WHERE b.state = 'waiting' AND b.release_at <= now() AND NOT EXISTS (
    SELECT 1 FROM deferral_job p
    WHERE p.body_id = b.id AND p.state IN ('waiting', 'pending', 'running', 'paused'))
"""

EXPIRE = f"""
WITH gone AS (
    UPDATE deferral_job SET state = 'expired', settled_at = now()
    WHERE state = 'pending' AND expires_at <= now()
    RETURNING body_id
), {releasing("gone")}
SELECT count(*) FROM gone
"""  # noqa: S608 - steps of our own


def release_patient_bodies() -> int:
    """Bodies whose buried parts nobody saw to in time go without them; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASE)
        released: int = cursor.rowcount
    if released:
        crashpoint("body_released")
    return released


def expire_jobs() -> int:
    """Jobs past their lifetime are given up, visibly; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(EXPIRE)
        [expired] = cursor.fetchone()
    if expired:
        crashpoint("expired")
    return int(expired)
