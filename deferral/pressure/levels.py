"""How each queue is now, as every process knows it, and who makes room for whom.

Amber: of what may be shed (jobs with a lifetime) one in ten is kept, and low-priority queues are
given one hint a second. Red: requests that would bring much work at once are refused, with the time
to come back (`shedding`). Nothing else is ever refused or given up for it: not a checkout, none of
its jobs, no webhook of the payment provider. Without samples (no relay, a table that cannot be
read) all is green.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from deferral.database.snapshots import Snapshot
from deferral.pressure.rules import Level
from deferral.registry import queues

# Older than this a sample says nothing of now. Seconds.
STALE = 30.0

NOW = """
SELECT DISTINCT ON (queue) queue, level, load FROM deferral_queuesample
WHERE at > now() - make_interval(secs => %s) ORDER BY queue, at DESC
"""


@dataclass(frozen=True, slots=True)
class Pressure:
    """How a queue is: its level, and how many seconds it is behind."""

    level: Level = Level.GREEN
    load: float = 0.0


CALM = Pressure()


def of_queues(names: Iterable[str]) -> Pressure:
    """The worst of these and all queues that are not of low priority. At most a second old.

    Never inside a transaction, as everything here: what cannot be read would break it.
    """
    return worst({*names, *urgent_queues()})


def is_slowed() -> bool:
    """Whether low-priority queues are given less, because those that do not are behind."""
    return worst(urgent_queues()).level >= Level.AMBER


def queues_that_shed() -> list[str]:
    """Low-priority queues, and in which what may be shed is shed now."""
    return [
        queue for queue in settings.DEFERRAL_LOW_PRIORITY if of_queues([queue]).level >= Level.AMBER
    ]


def urgent_queues() -> tuple[str, ...]:
    """Those of full priority: all that DEFERRAL_LOW_PRIORITY does not name."""
    return tuple(queue for queue in queues() if queue not in settings.DEFERRAL_LOW_PRIORITY)


def worst(names: Iterable[str]) -> Pressure:
    """The highest level of these queues, and of those at that level the one most behind."""
    known = _KNOWN.rows()
    found = (known.get(name, CALM) for name in names)
    return max(found, key=lambda one: (one.level, one.load), default=CALM)


def forget() -> None:
    """What this process has read: for tests, which work behind its back."""
    _KNOWN.forget()


def _read() -> dict[str, Pressure]:
    with connection.cursor() as cursor:
        cursor.execute(NOW, [STALE])
        return {queue: Pressure(Level(level), load) for queue, level, load in cursor}


_KNOWN = Snapshot(_read, unread="pressure_not_read")
