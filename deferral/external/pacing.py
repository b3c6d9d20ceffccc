"""How many calls of an external service are under way here, and how long one too many waits.

No service takes all threads of a worker that serves several: over a third of them a job comes back
later. So one that hangs costs the others nothing, long before it has failed often enough for its
breaker. The wait is about as long as those before it will take: a turn is asked for soon after
there is one, and hardly more often than one comes, whether ten wait or five thousand. A hint for
nothing costs as much as one for something. Not for what failed: that is the task's policy.
"""

import math
import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models.functions import Now

from deferral.errors import Snooze
from deferral.external_services import ExternalService
from deferral.models import Job
from deferral.registry import queues
from deferral.threads.pool import most_of_one_service

# Seconds that a call takes, where this process has made none yet.
USUAL = 2.0
# Seconds. A call counts for no less; nobody waits for less, nor for more: by then the service may
# be quicker, or the number of calls that it takes another.
QUICKEST, MIN_WAIT, LONGEST_WAIT = 0.1, 2.0, 300.0
# So many are counted at most: each that waits counts those before it, in about a millisecond.
MOST_COUNTED = 5_000

_one_at_a_time = threading.Lock()
_under_way: dict[str, list[float]] = defaultdict(list)  # since when, monotonic seconds
_took: dict[str, float] = {}  # half of it is the last call


@contextmanager
def one_of_few(service: ExternalService) -> Iterator[None]:
    """Around a call. Snooze, which costs no attempt, while too many are under way here."""
    most, began = most_of_one_service(), time.monotonic()
    with _one_at_a_time:
        has_turn = most is None or len(_under_way[service]) < most
        if has_turn:
            _under_way[service].append(began)
    if most is not None and not has_turn:
        msg = f"{most} others of this process are asking {service}"
        wait = time_to_wait(service, at_once=most)
        raise Snooze(msg, cause=f"many ask {service}", seconds=wait)
    try:
        yield
    finally:
        with _one_at_a_time:
            _under_way[service].remove(began)
            seconds = time.monotonic() - began
            _took[service] = (_took.get(service, seconds) + seconds) / 2


def time_to_wait(service: ExternalService, *, at_once: int) -> float:
    """Seconds until it is worth asking again, from half of the time to all of it by chance."""
    turn = max(_length_of_a_call(service), QUICKEST) / at_once
    enough = min(math.ceil(LONGEST_WAIT / turn), MOST_COUNTED)
    waiting = _waiting(service, enough=enough)
    planned = min(max(waiting * turn, MIN_WAIT), LONGEST_WAIT)
    return random.uniform(planned / 2, planned)  # noqa: S311 - no secret


def forget() -> None:
    """What this process has seen: for tests."""
    _took.clear()
    _under_way.clear()


def _length_of_a_call(service: ExternalService) -> float:
    """One that hangs now says more than those before it."""
    with _one_at_a_time:
        oldest = min(_under_way[service], default=math.inf)
        return max(_took.get(service, USUAL), time.monotonic() - oldest)


def _waiting(service: ExternalService, *, enough: int) -> int:
    """This one and those that will ask before it, as far as it matters how many."""
    soon = Now() + timedelta(seconds=LONGEST_WAIT)
    pending = Job.objects.filter(state=Job.State.PENDING).exclude(service="")  # as its index
    others = pending.filter(service=service, queue__in=queues(), next_at__lte=soon)
    return 1 + others.order_by()[:enough].count()
