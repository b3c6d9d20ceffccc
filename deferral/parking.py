"""Jobs of strangers that are left alone wait in the ledger, not in the broker and not in workers.

Looked at every second by the relay. Parking is a later `next_at`: it costs no attempt, and when the
breaker closes, what was parked comes due by itself within seconds.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models.functions import Now

from deferral.breaker_rules import Standing, pause, standing
from deferral.models import Breaker
from deferral.registry import TASKS, stranger_tasks

# Of one stranger in one look; the rest a second later.
AT_ONCE = 5_000
# Seconds over which parked jobs come back: nobody who has just recovered is run over.
SPREAD = 5.0
# Seconds: what comes due before the next look is parked too.
LOOK = 1.5

ENSURE = """
INSERT INTO deferral_breaker (name, calls, failures, calls_before, failures_before, openings,
                              good_probes, message, forced)
SELECT name, 0, 0, 0, 0, 0, 0, '', '' FROM unnest(%s::text[]) AS name ON CONFLICT DO NOTHING
"""

# While probes are wanted the job that is, or will be, due first is left where it is: it is the next
# probe. Whatever is put off each second must not be put off for ever.
PARK = """
WITH probe AS (
    SELECT j.id FROM deferral_job j
    WHERE j.state = 'pending' AND j.task = ANY(%(tasks)s)
      AND j.next_at <= now() + make_interval(secs => %(soon)s)
      AND (j.serial IS NULL OR NOT EXISTS (
          SELECT 1 FROM deferral_job e
          WHERE e.serial = j.serial AND e.id < j.id
            AND e.state IN ('waiting', 'pending', 'running', 'dead')))
    ORDER BY j.next_at, j.id LIMIT %(probes)s
), due AS MATERIALIZED (
    SELECT j.id FROM deferral_job j
    WHERE j.lane = ANY(%(lanes)s) AND j.state = 'pending' AND j.sent_at IS NULL
      AND j.task = ANY(%(tasks)s) AND j.next_at <= now() + make_interval(secs => %(soon)s)
      AND j.id NOT IN (SELECT id FROM probe)
    ORDER BY j.next_at LIMIT %(at_once)s FOR UPDATE SKIP LOCKED
)
UPDATE deferral_job j
SET next_at = now() + make_interval(secs => %(pause)s + random() * %(spread)s)
FROM due WHERE j.id = due.id
"""


def ensure_breakers() -> None:
    """A row for everybody outside, so that a person can hold one that was never called."""
    with connection.cursor() as cursor:
        cursor.execute(ENSURE, [list(stranger_tasks())])


def park() -> int:
    """Put the due jobs of strangers that are left alone off until it is worth asking again."""
    tasks = stranger_tasks()
    rows = Breaker.objects.exclude(openings=0, forced="").annotate(clock=Now())
    return sum(_park(row, row.clock, tasks.get(row.name, ())) for row in rows)


def _park(row: Breaker, now: datetime, tasks: Collection[str]) -> int:
    stands = standing(row, now)
    if stands is Standing.CLOSED or not tasks:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            PARK,
            {
                "tasks": list(tasks),
                "lanes": list({TASKS[name].lane for name in tasks}),
                "probes": int(stands is Standing.HALF_OPEN),
                "pause": pause(row, now),
                "soon": LOOK,
                "spread": SPREAD,
                "at_once": AT_ONCE,
            },
        )
        return int(cursor.rowcount)
