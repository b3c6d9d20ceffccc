"""So many webhooks at a time to one endpoint as its row says (`at_once`), over all processes.

Each holds one of the endpoint's slots, a lock of a session: a killed process's slot is free at
once, as its job's lock is. The number is read with each delivery: a lower one counts from the next
delivery on, and what is under way ends as it is. Not for order (`ordering_key` is), nor for a
receiver that fails (the breaker is).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deferral.database import holding
from deferral.database.locks import slot_lock
from deferral.errors import Snooze
from deferral.external.pacing import time_to_wait
from webhooks.models import Endpoint

# More than an endpoint can have, whatever its number becomes: no two endpoints share a slot.
APART = 128
# Of a worker of processes, half of the four that it has: whoever is slow leaves the others the
# rest. In a worker of threads `calling` sees to that.
MOST_OF_PROCESSES = 2


@contextmanager
def in_flight(endpoint: Endpoint) -> Iterator[None]:
    """Around one call. Snooze, which costs no attempt, while all of its slots are taken."""
    slots = _slots(endpoint)
    slot = holding.hold_one_of(slots)
    if slot is None:
        msg = f"as many as it takes at a time are on their way to {endpoint}"
        raise Snooze(msg, seconds=time_to_wait(endpoint.service, at_once=len(slots)))
    try:
        yield
    finally:
        holding.drop(slot)


def _slots(endpoint: Endpoint) -> Sequence[int]:
    """The lowest first: of what is under way as little as can be is beyond a lower number."""
    many = endpoint.at_once
    if not holding.are_shared():
        many = min(many, MOST_OF_PROCESSES)
    first = slot_lock(endpoint.pk * APART)
    return range(first, first + many)
