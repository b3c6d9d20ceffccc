"""What time alone changes: bodies that have waited long enough, jobs that are pointless now.

Looked at every second by the relay.
"""

from django.db import connection

from deferral.crashpoints import crashpoint

# Every part is settled or buried, and the buried ones were waited for: the body goes without them.
RELEASE = """
UPDATE deferral_job b SET state = 'pending', next_at = now(), sent_at = NULL
WHERE b.state = 'waiting' AND b.release_at <= now() AND NOT EXISTS (
    SELECT 1 FROM deferral_job p
    WHERE p.body_id = b.id AND p.state IN ('waiting', 'pending', 'running'))
"""

# Expired is settled: what waits for such a part waits no longer.
EXPIRE = """
WITH expired AS (
    UPDATE deferral_job SET state = 'expired', settled_at = now()
    WHERE state = 'pending' AND expires_at <= now()
    RETURNING body_id
), gone AS (
    SELECT body_id AS id, count(*) AS parts FROM expired WHERE body_id IS NOT NULL GROUP BY body_id
), released AS (
    UPDATE deferral_job b
    SET open_parts = b.open_parts - gone.parts,
        state = CASE WHEN b.open_parts = gone.parts THEN 'pending' ELSE b.state END,
        next_at = CASE WHEN b.open_parts = gone.parts THEN now() ELSE b.next_at END,
        sent_at = CASE WHEN b.open_parts = gone.parts THEN NULL ELSE b.sent_at END
    FROM gone WHERE b.id = gone.id AND b.state = 'waiting'
)
SELECT count(*) FROM expired
"""


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
