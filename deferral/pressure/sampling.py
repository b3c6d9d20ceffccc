"""Too much work: each lane is sampled every five seconds, and what can wait makes room.

Amber: of what may be shed (jobs with a lifetime) one in ten is kept, and lanes that yield are given
one hint a second. Red: requests that would bring much work at once are refused, with the time to
come back (`relief`). Nothing else is ever refused or given up for it: not a checkout, none of its
jobs, no webhook of the payment provider. Without samples (no relay, a table that cannot be read)
all is green.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import structlog
from django.conf import settings
from django.db import Error, connection

from deferral.database.outage import is_our_outage
from deferral.ledger.ordering import has_open_predecessor
from deferral.ledger.selectors import unserved_lanes
from deferral.models import LaneSample
from deferral.pressure.rules import CALM_FOR, Level, level_of, load_of
from deferral.registry import TASKS, lanes

log = structlog.get_logger(__name__)

EVERY = 5.0
# Older than this a sample says nothing of now.
STALE = 30.0
# What waits is counted up to here; of what has its place in a series so much is looked at.
COUNTED, LOOKED_AT = 200_000, 10_000
# Seconds for which a process believes what it has read.
FRESH = 1.0

# What can be done now, and what was done of late: within a minute, or for as long as the oldest has
# waited, since before that there may have been nothing to do. What waits behind a dead job of its
# series waits for a person, and a task that is not known here for newer code: neither is work that
# is too much.
SAMPLE = f"""
WITH part AS (
    SELECT l.name AS lane, p.n, p.first FROM unnest(%(lanes)s::text[]) AS l (name)
    CROSS JOIN LATERAL (
        SELECT count(*) AS n, min(next_at) AS first FROM (
            SELECT next_at FROM deferral_job j
            WHERE j.lane = l.name AND j.state = 'pending' AND j.sent_at IS NOT NULL
              AND j.task = ANY(%(tasks)s) LIMIT %(counted)s) sent
        UNION ALL
        SELECT count(*), min(next_at) FROM (
            SELECT next_at FROM deferral_job j
            WHERE j.lane = l.name AND j.state = 'pending' AND j.sent_at IS NULL
              AND j.next_at <= now() AND j.serial IS NULL AND j.task = ANY(%(tasks)s)
            ORDER BY j.next_at LIMIT %(counted)s) held
        UNION ALL
        SELECT count(*), min(next_at) FROM (
            SELECT id, serial, next_at FROM deferral_job j
            WHERE j.lane = l.name AND j.state = 'pending' AND j.sent_at IS NULL
              AND j.next_at <= now() AND j.serial IS NOT NULL AND j.task = ANY(%(tasks)s)
            ORDER BY j.next_at LIMIT %(looked_at)s) series
        WHERE NOT {has_open_predecessor("series")}
    ) AS p
), work AS (
    SELECT lane, sum(n)::int AS n,
           coalesce(extract(epoch FROM now() - min(first)), 0)::float AS oldest
    FROM part GROUP BY lane
), timed AS (
    SELECT *, greatest(5, least(60, oldest)) AS span FROM work
)
SELECT t.lane, t.n, done.n / t.span, t.oldest FROM timed t CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM deferral_job j
    WHERE j.lane = t.lane AND j.state = 'done'
      AND j.settled_at > now() - make_interval(secs => t.span)
) AS done
WHERE NOT EXISTS (
    SELECT FROM deferral_lanesample s
    WHERE s.lane = t.lane AND s.at > now() - make_interval(secs => %(every)s))
"""  # noqa: S608 - a condition of our own

# The loads of the last minute, empty where nobody has looked for so long.
LATELY = """
SELECT l.name, last.level, CASE WHEN known.is_so THEN recent.loads END
FROM unnest(%(lanes)s::text[]) AS l (name)
LEFT JOIN LATERAL (
    SELECT level FROM deferral_lanesample s
    WHERE s.lane = l.name AND s.at > now() - make_interval(secs => %(stale)s)
    ORDER BY s.at DESC LIMIT 1
) AS last ON true
CROSS JOIN LATERAL (
    SELECT array_agg(load) AS loads FROM deferral_lanesample s
    WHERE s.lane = l.name AND s.at > now() - make_interval(secs => %(calm)s)
) AS recent
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM deferral_lanesample s WHERE s.lane = l.name
        AND s.at BETWEEN now() - make_interval(secs => %(calm)s + %(stale)s)
                     AND now() - make_interval(secs => %(calm)s - 2 * %(every)s)) AS is_so
) AS known
"""

NOW = """
SELECT DISTINCT ON (lane) lane, level, load FROM deferral_lanesample
WHERE at > now() - make_interval(secs => %s) ORDER BY lane, at DESC
"""


@dataclass(frozen=True, slots=True)
class Pressure:
    """How a lane is: its level, and how many seconds it is behind."""

    level: Level = Level.GREEN
    load: float = 0.0


CALM = Pressure()


class Seen(NamedTuple):
    """A lane as it is: what waits, what is done in a second, how many seconds the oldest waits."""

    lane: str
    waiting: int
    per_second: float
    oldest: float


class Lately(NamedTuple):
    """A lane as it was: its level, and the last minute's loads, if they are known that far back."""

    level: Level
    loads: list[float]


BOUNDS = {"counted": COUNTED, "looked_at": LOOKED_AT, "every": EVERY - 0.5}


def sample(*, up_for: float) -> int:
    """Write down how each lane is, unless it was done within five seconds; return how many.

    `up_for` is how many seconds ago hints could be given again, after a relay, the database or the
    broker was away: what was late before is not late for want of workers.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAMPLE, {"lanes": list(lanes()), "tasks": list(TASKS), **BOUNDS})
        found = [
            Seen(lane, n, float(rate), min(max(oldest, 0.0), up_for))
            for lane, n, rate, oldest in cursor
        ]
    if not found:
        return 0
    lately, unserved = _lately(), unserved_lanes()
    rows = [_sample(one, lately[one.lane], is_served=one.lane not in unserved) for one in found]
    LaneSample.objects.bulk_create(rows)
    return len(rows)


def _lately() -> dict[str, Lately]:
    spans = {"calm": CALM_FOR, "stale": STALE, "every": EVERY}
    with connection.cursor() as cursor:
        cursor.execute(LATELY, {"lanes": list(lanes()), **spans})
        return {lane: Lately(Level(level or 0), loads or []) for lane, level, loads in cursor}


def _sample(seen: Seen, lately: Lately, *, is_served: bool) -> LaneSample:
    """A lane that nobody serves is told of elsewhere, and nothing that yields to it would help."""
    load = load_of(waiting=seen.waiting, per_second=seen.per_second, oldest=seen.oldest)
    known = [*lately.loads, load] if lately.loads else []
    level = level_of(lately.level, load, known) if is_served else Level.GREEN
    if level is not lately.level:
        log.warning("lane_pressure", lane=seen.lane, level=level.name, load=round(load))
    return LaneSample(load=load, level=level, **seen._asdict())


def of_lanes(names: Iterable[str]) -> Pressure:
    """The worst of these lanes and those that never yield. At most a second old.

    Outside any transaction, as everything here: what cannot be read would break it.
    """
    return worst({*names, *urgent_lanes()})


def is_slowed() -> bool:
    """Whether lanes that yield are given less, because those that do not are behind."""
    return worst(urgent_lanes()).level >= Level.AMBER


def lanes_that_shed() -> list[str]:
    """Lanes that yield, and in which what may be shed is shed now."""
    return [lane for lane in settings.DEFERRAL_YIELDING if of_lanes([lane]).level >= Level.AMBER]


def urgent_lanes() -> tuple[str, ...]:
    """Those that never yield."""
    return tuple(lane for lane in lanes() if lane not in settings.DEFERRAL_YIELDING)


def worst(names: Iterable[str]) -> Pressure:
    """Of several lanes."""
    known = _MEMORY.known()
    found = (known.get(name, CALM) for name in names)
    return max(found, key=lambda one: (one.level, one.load), default=CALM)


def forget() -> None:
    """What this process has read: for tests, which work behind its back."""
    _MEMORY.clear()


class _Memory:
    """What this process has read, for a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Nothing is known."""
        self._lanes: dict[str, Pressure] = {}
        self._read_at = float("-inf")

    def known(self) -> dict[str, Pressure]:
        """By lane. One thread reads; nobody waits for it."""
        with self._lock:
            is_due = time.monotonic() - self._read_at >= FRESH
            if is_due:
                self._read_at = time.monotonic()
        if is_due:
            self._lanes = _read()
        return self._lanes


_MEMORY = _Memory()


def _read() -> dict[str, Pressure]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(NOW, [STALE])
            return {lane: Pressure(Level(level), load) for lane, level, load in cursor}
    except Error as error:
        if is_our_outage(error):
            raise
        log.warning("pressure_not_read", error=str(error))
        return {}
