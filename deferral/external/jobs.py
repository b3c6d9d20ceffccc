"""Which jobs wait for an external service, and how fast they may come back to it."""

from collections.abc import Mapping
from typing import Any

from django.db.backends.utils import CursorWrapper

from deferral.registry import queues

# What waited comes back over so many seconds, or so that a thousand jobs come in one: nobody who
# has just recovered is run over, and one look can park again what has come due since the last.
SPREAD, A_SECOND = 5.0, 1_000
COUNTED = 200_000

WAITING = """
SELECT count(*) FROM (
    SELECT 1 FROM deferral_job j
    WHERE j.queue = ANY(%(queues)s) AND j.state = 'pending'
      AND j.service = %(name)s AND j.service <> ''
    LIMIT %(counted)s
) w
"""


def jobs_of(service: str) -> dict[str, Any]:
    """What the statements find its jobs by: its name, in whichever queue.

    They say that it is not empty too, as the index for it does (job_service).
    """
    return {"name": service, "queues": list(queues())}


def spread_of(cursor: CursorWrapper, names: Mapping[str, Any]) -> float:
    """Seconds over which all that waits for the service of `names` may come to it."""
    cursor.execute(WAITING, {**names, "counted": COUNTED})
    [waiting] = cursor.fetchone()
    return float(max(SPREAD, waiting / A_SECOND))
