"""Jobs of services with open breakers wait in the ledger, not in the broker and not in workers.

Looked at every second by the relay. Parking is a later `next_at`: it costs no attempt, and when the
breaker closes, what was parked comes due by itself within seconds.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models.functions import Now

from deferral.external.jobs import jobs_of, spread_of
from deferral.external.rules import Status, pause, status
from deferral.external_services import ExternalService, declared
from deferral.ledger.ordering import has_open_predecessor
from deferral.models import Breaker
from deferral.registry import service_tasks
from deferral.slots import Slot

# Those whose names are data, by their kind; asked for every second.
KINDS: Slot[Callable[[], Iterable[ExternalService]]] = Slot("the services of the kind")

# Of one external service and queue in one look; the rest a second later.
AT_ONCE = 5_000
# Seconds: what comes due before the next look is parked too.
LOOK = 1.5

ENSURE = """
INSERT INTO deferral_breaker (name, calls, failures, calls_before, failures_before, openings,
                              good_probes, message, override)
SELECT name, 0, 0, 0, 0, 0, 0, '', '' FROM unnest(%s::text[]) AS name ON CONFLICT DO NOTHING
"""

# While probes are wanted the job of each queue that is, or will be, due first is left where it is:
# it is the next probe, unless one was sent just now. One of each queue, for a queue may stand
# still. By the clock that the pause was reckoned with: a job put off a moment beyond what the
# breaker's row says is not found by whoever brings back what was put off.
PARK = f"""
WITH due AS MATERIALIZED (
    SELECT found.* FROM unnest(%(queues)s::text[]) AS q (queue) CROSS JOIN LATERAL (
        SELECT j.id, j.queue, j.next_at, j.ordering_key FROM deferral_job j
        WHERE j.queue = q.queue AND j.state = 'pending' AND j.sent_at IS NULL
          AND j.service = %(name)s AND j.service <> ''
          AND j.next_at <= now() + make_interval(secs => %(soon)s)
        ORDER BY j.next_at LIMIT %(at_once)s FOR UPDATE SKIP LOCKED
    ) AS found
), probe AS (
    SELECT DISTINCT ON (d.queue) d.id FROM due d
    WHERE %(half_open)s
      AND (d.ordering_key IS NULL OR NOT {has_open_predecessor("d")})
      AND NOT EXISTS (
          SELECT 1 FROM deferral_job j
          WHERE j.queue = d.queue AND j.state = 'pending'
            AND j.service = %(name)s AND j.service <> '' AND j.sent_at > now() - interval '5 s')
    ORDER BY d.queue, d.next_at, d.id
)
UPDATE deferral_job j
SET next_at = %(clock)s::timestamptz
    + make_interval(secs => %(pause)s + random() * %(spread)s)
FROM due WHERE j.id = due.id AND j.id NOT IN (SELECT id FROM probe)
"""  # noqa: S608 - a condition of our own

# Whatever was to come within the time that they were put off for.
UNPARK = """
UPDATE deferral_job j
SET next_at = now() + make_interval(secs => random() * %(spread)s)
WHERE j.queue = ANY(%(queues)s) AND j.state = 'pending' AND j.sent_at IS NULL
  AND j.service = %(name)s AND j.service <> '' AND j.next_at BETWEEN now() AND %(horizon)s
"""


def ensure_breakers(*others: ExternalService) -> None:
    """A row for everybody outside, so that a person can hold one that was never called.

    `others` need not wait for the relay's next look.
    """
    kinds = [service for kind in KINDS.values() for service in kind()]
    with connection.cursor() as cursor:
        cursor.execute(ENSURE, [[*service_tasks(), *kinds, *map(declared, others)]])


def park() -> int:
    """Put the due jobs of services with open breakers off until it is worth asking again."""
    rows = Breaker.objects.exclude(openings=0, override="").annotate(clock=Now())
    return sum(_park(row, row.clock) for row in rows)


def unpark(row: Breaker, now: datetime) -> int:
    """Have what was put off come back within seconds: a person says that it need not wait.

    So does what waits for another try, or for a delay, that would have ended within this time.
    """
    until = [now + timedelta(seconds=pause(row, now)), row.open_until or now]
    names = jobs_of(row.name)
    with connection.cursor() as cursor:
        spread = spread_of(cursor, names)
        horizon = max(until) + timedelta(seconds=spread)
        cursor.execute(UNPARK, names | {"spread": spread, "horizon": horizon})
        return int(cursor.rowcount)


def _park(row: Breaker, now: datetime) -> int:
    stands = status(row, now)
    if stands is Status.CLOSED:
        return 0
    names = jobs_of(row.name)
    with connection.cursor() as cursor:
        facts = {
            "half_open": stands is Status.HALF_OPEN,
            "clock": now,
            "pause": pause(row, now),
            "soon": LOOK,
            "spread": spread_of(cursor, names),
            "at_once": AT_ONCE,
        }
        cursor.execute(PARK, names | facts)
        return int(cursor.rowcount)
