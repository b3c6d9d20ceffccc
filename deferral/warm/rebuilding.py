"""Ordering a rebuild, once, and doing it.

Two guards, because the cache may forget the first: who takes the order in the cache writes a job,
and the job's key says what it replaces, so that of two such jobs one is written. Every half minute
it may be ordered again: the job may have found the cache away.
"""

import time
from contextlib import suppress
from hashlib import blake2s
from typing import Any

import structlog
from django.db import Error, transaction

from deferral.database import connections
from deferral.database.outage import is_our_outage
from deferral.enqueueing import enqueue
from deferral.running import CURRENT
from deferral.warm import entries
from deferral.warm.building import build_and_keep
from deferral.warm.entries import Entry
from deferral.warm.errors import CacheAway
from deferral.warm.releases import release
from deferral.warm.values import VALUES, Warm

log = structlog.get_logger(__name__)

# Seconds until it may be ordered again.
AGAIN = 30.0
# Seconds before the end of its freshness in which the schedule, each minute, builds it anew.
AHEAD = 75.0


def order(warm: Warm, of: str, found: Entry) -> Any:
    """What is there, once somebody is to replace it. Where no task does, the first who asks.

    CacheAway where the order cannot be taken. That the database takes no job now is logged: the
    next reader in half a minute orders again.
    """
    seconds = AGAIN if warm.task else min(AGAIN, warm.fresh)
    if not entries.take("ordered", warm, of, seconds=seconds):
        return found.body
    if not warm.task:
        return build_and_keep(warm, of)
    try:
        _write(warm, of, found)
    except Error as error:
        _put_up_with(error)
    return found.body


def _put_up_with(error: Error) -> None:
    """Readers do not need the database for what they have. A job does: its session is its lock."""
    log.warning("rebuild_not_ordered", error=str(error))
    if is_our_outage(error):
        if CURRENT.get() is not None:
            raise error
        connections.drop_sessions(error)


def _write(warm: Warm, of: str, found: Entry) -> None:
    with transaction.atomic():
        enqueue(
            warm.task,
            key=_key(warm, of, found),
            subject=f"warm:{warm.name}:{of}"[:100],
            name=warm.name,
            of=of,
            replaces=found.built,
        )


def _key(warm: Warm, of: str, found: Entry) -> str:
    """What it replaces, for which release, and in which half minute it was asked for."""
    which = blake2s(f"{release()}:{of}".encode(), digest_size=8).hexdigest()
    return f"warm:{warm.name}:{which}:{found.built:.3f}:{int(time.time() // AGAIN)}"


def rebuild(*, name: str, of: str, replaces: float) -> None:
    """Build it anew, unless somebody has since. Safe to repeat; outside transactions.

    A value that no code here knows is left alone, and so is everything while the cache is away:
    whoever reads it then builds for themselves, and orders again.
    """
    warm = VALUES.get(name)
    with suppress(CacheAway):
        if warm is not None and _is_wanted(warm, of, replaces):
            build_and_keep(warm, of)


def _is_wanted(warm: Warm, of: str, replaces: float) -> bool:
    found = entries.look(warm, of)
    return found is None or not found.is_fresh or found.built <= replaces


def warm_up() -> int:
    """Build what would soon be stale of all that is kept warm; how many those were. Not what is
    known to be too large to be kept.
    """
    count = 0
    with suppress(CacheAway):
        for warm in VALUES.values():
            for of in warm.always:
                count += _warmed(warm, of)
    return count


def _warmed(warm: Warm, of: str) -> bool:
    found = entries.look(warm, of)
    if found is not None and found.is_fresh and _is_well_kept(found):
        return False
    build_and_keep(warm, of)
    return True


def _is_well_kept(found: Entry) -> bool:
    return found.is_too_large or found.until - time.time() > AHEAD
