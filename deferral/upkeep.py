"""What time alone changes: bodies that have waited long enough, jobs that are pointless now.

Looked at every second by the relay.
"""

from django.db import connection

# Every part is settled or buried, and the buried ones were waited for: the body goes without them.
RELEASE = """
UPDATE deferral_job b SET state = 'pending', next_at = now(), sent_at = NULL
WHERE b.state = 'waiting' AND b.release_at <= now() AND NOT EXISTS (
    SELECT 1 FROM deferral_job p
    WHERE p.body_id = b.id AND p.state IN ('waiting', 'pending', 'running'))
"""

EXPIRE = """
UPDATE deferral_job SET state = 'expired', settled_at = now()
WHERE state = 'pending' AND expires_at <= now()
"""


def release_patient_bodies() -> int:
    """Bodies whose buried parts nobody saw to in time go without them; return how many."""
    return _execute(RELEASE)


def expire_jobs() -> int:
    """Jobs past their lifetime are given up, visibly; return how many."""
    return _execute(EXPIRE)


def _execute(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        changed: int = cursor.rowcount
        return changed
