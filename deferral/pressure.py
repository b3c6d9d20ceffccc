"""Too much work: each lane is sampled every five seconds, and what can wait makes room.

Amber: of what may be shed (jobs with a lifetime) one in ten is kept, and lanes that yield are given
one hint a second. Red: requests that would bring much work at once are refused, with the time to
come back (`refusals`). Nothing else is ever refused or given up for it: not a checkout, none of its
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

from deferral.models import LaneSample
from deferral.outage import is_our_outage
from deferral.pressure_rules import CALM_FOR, Level, level_of, load_of
from deferral.registry import lanes

log = structlog.get_logger(__name__)

EVERY = 5.0
# Older than this a sample says nothing of now.
STALE = 30.0
# What waits is counted up to here, and what is held back behind something else up to there.
COUNTED, LOOKED_AT = 200_000, 10_000
# Seconds for which a process believes what it has read.
FRESH = 1.0

# Queued is what the broker was told of; held is what the relay has still to tell it of. What waits
# behind a dead job of its serial waits for a person, and is not work that is too much.
SAMPLE = """
WITH done AS (
    SELECT lane, count(*) / 60.0 AS rate FROM deferral_job
    WHERE state IN ('done', 'discarded', 'expired') AND settled_at > now() - interval '60 s'
    GROUP BY lane
)
SELECT l.name, queued.n + held.n, coalesce(done.rate, 0),
       coalesce(extract(epoch FROM now() - least(queued.first, held.first)), 0)
FROM unnest(%(lanes)s::text[]) AS l (name)
LEFT JOIN done ON done.lane = l.name
CROSS JOIN LATERAL (
    SELECT count(*) AS n, min(next_at) AS first FROM (
        SELECT next_at FROM deferral_job j
        WHERE j.lane = l.name AND j.state = 'pending' AND j.sent_at IS NOT NULL
        ORDER BY j.sent_at LIMIT %(counted)s) q
) AS queued
CROSS JOIN LATERAL (
    SELECT count(*) AS n, min(next_at) AS first FROM (
        SELECT next_at FROM deferral_job j
        WHERE j.lane = l.name AND j.state = 'pending' AND j.sent_at IS NULL AND j.next_at <= now()
          AND (j.serial IS NULL OR NOT EXISTS (
              SELECT FROM deferral_job e WHERE e.serial = j.serial AND e.id < j.id
                AND e.state IN ('waiting', 'pending', 'running', 'dead')))
        ORDER BY j.next_at LIMIT %(looked_at)s) h
) AS held
WHERE NOT EXISTS (
    SELECT FROM deferral_lanesample s WHERE s.lane = l.name
      AND s.at > now() - make_interval(secs => %(every)s))
"""

LATELY = """
SELECT l.name, last.level, recent.loads, recent.reach
FROM unnest(%(lanes)s::text[]) AS l (name)
LEFT JOIN LATERAL (
    SELECT level FROM deferral_lanesample s WHERE s.lane = l.name ORDER BY s.at DESC LIMIT 1
) AS last ON true
LEFT JOIN LATERAL (
    SELECT array_agg(load) AS loads, extract(epoch FROM now() - min(at)) AS reach
    FROM deferral_lanesample s
    WHERE s.lane = l.name AND s.at > now() - make_interval(secs => %(calm)s)
) AS recent ON true
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
    """A lane as it was: its level, the last minute's loads, and how far back in seconds they go."""

    level: Level
    loads: list[float]
    reach: float


def sample() -> int:
    """Write down how each lane is, unless it was done within five seconds; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(SAMPLE, {"lanes": list(lanes()), **BOUNDS})
        found = [Seen(lane, n, float(rate), float(oldest)) for lane, n, rate, oldest in cursor]
    if not found:
        return 0
    lately = _lately()
    rows = LaneSample.objects.bulk_create(_sample(one, lately[one.lane]) for one in found)
    return len(rows)


BOUNDS = {"counted": COUNTED, "looked_at": LOOKED_AT, "every": EVERY - 0.5}


def _lately() -> dict[str, Lately]:
    with connection.cursor() as cursor:
        cursor.execute(LATELY, {"lanes": list(lanes()), "calm": CALM_FOR})
        return {
            lane: Lately(Level(level or 0), loads or [], float(reach or 0))
            for lane, level, loads, reach in cursor
        }


def _sample(seen: Seen, lately: Lately) -> LaneSample:
    oldest = max(seen.oldest, 0.0)
    load = load_of(waiting=seen.waiting, per_second=seen.per_second, oldest=oldest)
    is_known = lately.reach >= CALM_FOR - 2 * EVERY
    level = level_of(lately.level, load, [*lately.loads, load] if is_known else [])
    if level is not lately.level:
        log.warning("lane_pressure", lane=seen.lane, level=level.name, load=round(load))
    return LaneSample(load=load, level=level, **(seen._asdict() | {"oldest": oldest}))


def of_lane(lane: str) -> Pressure:
    """The worst of this lane and those that never yield. At most a second old."""
    return worst({lane, *urgent_lanes()})


def is_slowed() -> bool:
    """Whether lanes that yield are given less, because those that do not are behind."""
    return worst(urgent_lanes()).level >= Level.AMBER


def lanes_that_shed() -> list[str]:
    """Lanes that yield, and in which what may be shed is shed now."""
    return [lane for lane in settings.DEFERRAL_YIELDING if of_lane(lane).level >= Level.AMBER]


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
