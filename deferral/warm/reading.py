"""A value for somebody who waits: fresh, or stale and on its way to be fresh, or built now."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction

from deferral.warm import entries, flights
from deferral.warm.building import build, build_and_keep
from deferral.warm.errors import CacheAway
from deferral.warm.rebuilding import order
from deferral.warm.server import address
from deferral.warm.values import Warm

# Seconds that others leave to whoever builds the first value. It may have died.
BUILDING = 10.0


def is_on() -> bool:
    """Whether there is a cache at all, and this is a place from which it may be used.

    Inside a transaction it is not: what is read there may never be true for others.
    """
    return bool(address()) and not transaction.get_connection().in_atomic_block


def always(_: Any) -> bool:
    """Nothing but its age makes it stale."""
    return True


def value_of(warm: Warm, of: str = "", *, is_current: Callable[[Any], bool] = always) -> Any:
    """What was built, at most `warm.usable` seconds ago. Whoever reads it may change nothing in it.

    It is stale, too, where the reader knows better: `is_current` compares, for nothing.
    Stale, it is returned at once, and one of all readers orders its rebuild. Where there is none,
    one builds and the others wait two seconds at most. Without the cache it is built for those
    threads of this process that want it at this moment. What a build raises is raised.
    """
    if not is_on():
        return build(warm, of)
    try:
        found = entries.look(warm, of)
        if found is None:
            return _first_value(warm, of)
        if found.is_too_large:
            return value_now(warm, of)
        if not (found.is_fresh and is_current(found.body)):
            return order(warm, of, found)
    except CacheAway:
        return value_now(warm, of)
    return found.body


def _first_value(warm: Warm, of: str) -> Any:
    place = entries.place_of(warm, of)
    alone = partial(flights.one_of_few, partial(build_and_keep, warm, of))
    return flights.shared(place, partial(_one_of_all, warm, of), alone=alone)


def _one_of_all(warm: Warm, of: str) -> Any:
    """Of all processes one builds; the others look whether it is there."""
    if entries.take("building", warm, of, seconds=BUILDING):
        return build_and_keep(warm, of)
    found = flights.wait_for(partial(entries.look, warm, of))
    if found is not None:
        return found.body
    return flights.one_of_few(partial(build_and_keep, warm, of))


def value_now(warm: Warm, of: str) -> Any:
    """As it is, kept for nobody but those threads of this process that want it at this moment."""
    work = partial(flights.one_of_few, partial(build, warm, of))
    return flights.shared(f"without:{entries.place_of(warm, of)}", work, alone=work)
