"""At most two webhooks at a time to one endpoint, over all processes: session-level locks.

Not for order (`ordering_key` is), nor for a receiver that fails (the breaker is). A killed
process's slot is free at once, as its job's lock is.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection

from deferral.database.locks import slot_lock
from deferral.errors import Snooze

# Half of the processes that `partners` has by default: whoever is slow leaves the others the rest.
SLOTS = 2
# Seconds. Whoever comes too early costs two statements.
MIN_WAIT, LONGEST_WAIT = 2.0, 6.0

# CASE asks one after the other and stops at the first that is free.
TAKE = """
SELECT CASE WHEN pg_try_advisory_lock(%(first)s) THEN %(first)s
            WHEN pg_try_advisory_lock(%(first)s + 1) THEN %(first)s + 1 END
"""


@contextmanager
def in_flight(endpoint_id: int) -> Iterator[None]:
    """Around one call. Snooze, which costs no attempt, while two others are under way."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"first": slot_lock(endpoint_id * SLOTS)})
        [slot] = cursor.fetchone()
    if slot is None:
        wait = random.uniform(MIN_WAIT, LONGEST_WAIT)  # noqa: S311 - no secret
        raise Snooze("two others are on their way there", seconds=wait)
    try:
        yield
    finally:
        _give_back(slot)


def _give_back(slot: int) -> None:
    """A session that is gone has done so already: that is not what to raise of the call."""
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [slot])
