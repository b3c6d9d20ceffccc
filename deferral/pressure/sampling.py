"""Too much work: the relay samples each queue every five seconds."""

from typing import NamedTuple

import structlog
from django.db import connection

from deferral.ledger.ordering import has_open_predecessor
from deferral.ledger.serving import unserved_queues
from deferral.models import QueueSample
from deferral.pressure.levels import STALE
from deferral.pressure.rules import CALM_FOR, Level, level_of, load_of
from deferral.registry import TASKS, queues

log = structlog.get_logger(__name__)

EVERY = 5.0
# What waits is counted up to here; of what has its place in a series so much is looked at.
COUNTED, LOOKED_AT = 200_000, 10_000

# What can be done now, and what was done of late: within a minute, or for as long as the oldest has
# waited, since before that there may have been nothing to do. What waits behind a dead job of its
# series waits for a person, and a task that is not known here for newer code: neither is work that
# is too much.
SAMPLE = f"""
WITH part AS (
    SELECT q.name AS queue, p.n, p.first FROM unnest(%(queues)s::text[]) AS q (name)
    CROSS JOIN LATERAL (
        SELECT count(*) AS n, min(next_at) AS first FROM (
            SELECT next_at FROM deferral_job j
            WHERE j.queue = q.name AND j.state = 'pending' AND j.sent_at IS NOT NULL
              AND j.task = ANY(%(tasks)s) LIMIT %(counted)s) sent
        UNION ALL
        SELECT count(*), min(next_at) FROM (
            SELECT next_at FROM deferral_job j
            WHERE j.queue = q.name AND j.state = 'pending' AND j.sent_at IS NULL
              AND j.next_at <= now() AND j.ordering_key IS NULL AND j.task = ANY(%(tasks)s)
            ORDER BY j.next_at LIMIT %(counted)s) held
        UNION ALL
        SELECT count(*), min(next_at) FROM (
            SELECT id, ordering_key, next_at FROM deferral_job j
            WHERE j.queue = q.name AND j.state = 'pending' AND j.sent_at IS NULL
              AND j.next_at <= now() AND j.ordering_key IS NOT NULL AND j.task = ANY(%(tasks)s)
            ORDER BY j.next_at LIMIT %(looked_at)s) series
        WHERE NOT {has_open_predecessor("series")}
    ) AS p
), work AS (
    SELECT queue, sum(n)::int AS n,
           coalesce(extract(epoch FROM now() - min(first)), 0)::float AS oldest
    FROM part GROUP BY queue
), timed AS (
    SELECT *, greatest(5, least(60, oldest)) AS span FROM work
)
SELECT t.queue, t.n, done.n / t.span, t.oldest FROM timed t CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM deferral_job j
    WHERE j.queue = t.queue AND j.state = 'done'
      AND j.settled_at > now() - make_interval(secs => t.span)
) AS done
WHERE NOT EXISTS (
    SELECT FROM deferral_queuesample s
    WHERE s.queue = t.queue AND s.at > now() - make_interval(secs => %(every)s))
"""  # noqa: S608 - a condition of our own

# The loads of the last minute, empty where nobody has looked for so long.
LATELY = """
SELECT q.name, last.level, CASE WHEN known.is_so THEN recent.loads END
FROM unnest(%(queues)s::text[]) AS q (name)
LEFT JOIN LATERAL (
    SELECT level FROM deferral_queuesample s
    WHERE s.queue = q.name AND s.at > now() - make_interval(secs => %(stale)s)
    ORDER BY s.at DESC LIMIT 1
) AS last ON true
CROSS JOIN LATERAL (
    SELECT array_agg(load) AS loads FROM deferral_queuesample s
    WHERE s.queue = q.name AND s.at > now() - make_interval(secs => %(calm)s)
) AS recent
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM deferral_queuesample s WHERE s.queue = q.name
        AND s.at BETWEEN now() - make_interval(secs => %(calm)s + %(stale)s)
                     AND now() - make_interval(secs => %(calm)s - 2 * %(every)s)) AS is_so
) AS known
"""


class Seen(NamedTuple):
    """A queue as it is: what waits, what is done in a second, how many seconds the oldest waits."""

    queue: str
    waiting: int
    per_second: float
    oldest: float


class Lately(NamedTuple):
    """A queue as it was: its level, and the last minute's loads if they are known so far back."""

    level: Level
    loads: list[float]


BOUNDS = {"counted": COUNTED, "looked_at": LOOKED_AT, "every": EVERY - 0.5}


def sample(*, up_for: float) -> int:
    """Write down how each queue is, unless it was done within five seconds; return how many.

    `up_for` is how many seconds ago hints could be given again, after a relay, the database or the
    broker was away: what was late before is not late for want of workers.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAMPLE, {"queues": list(queues()), "tasks": list(TASKS), **BOUNDS})
        found = [
            Seen(queue, n, float(rate), min(max(oldest, 0.0), up_for))
            for queue, n, rate, oldest in cursor
        ]
    if not found:
        return 0
    lately, unserved = _lately(), unserved_queues()
    rows = [_sample(one, lately[one.queue], is_served=one.queue not in unserved) for one in found]
    QueueSample.objects.bulk_create(rows)
    return len(rows)


def _lately() -> dict[str, Lately]:
    spans = {"calm": CALM_FOR, "stale": STALE, "every": EVERY}
    with connection.cursor() as cursor:
        cursor.execute(LATELY, {"queues": list(queues()), **spans})
        return {queue: Lately(Level(level or 0), loads or []) for queue, level, loads in cursor}


def _sample(seen: Seen, lately: Lately, *, is_served: bool) -> QueueSample:
    """A queue that nobody serves is told of elsewhere: giving low priority less would not help."""
    load = load_of(waiting=seen.waiting, per_second=seen.per_second, oldest=seen.oldest)
    known = [*lately.loads, load] if lately.loads else []
    level = level_of(lately.level, load, known) if is_served else Level.GREEN
    if level is not lately.level:
        log.warning("queue_pressure", queue=seen.queue, level=level.name, load=round(load))
    return QueueSample(load=load, level=level, **seen._asdict())
