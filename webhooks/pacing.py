"""How long a delivery waits that came while all slots of its endpoint were taken.

About as long as those before it will take. So a slot is asked for soon after it becomes free, and
hardly more often than one does, whether ten wait or ten thousand: who comes too early costs some
statements. Not for what failed: that is the task's timetable.
"""

import math
import random
from datetime import timedelta

from django.db.models.functions import Now

from deferral.models import Job
from deferral.registry import queues

# Seconds that a call takes, where this process has made none to the endpoint yet.
USUAL = 2.0
# Seconds. A call counts for no less; nobody waits for less, nor for more: by then the receiver may
# be quicker, or its number another.
QUICKEST, MIN_WAIT, LONGEST_WAIT = 0.1, 2.0, 60.0

# By an endpoint's name, as this process has seen it: half of it is the last call.
_took: dict[str, float] = {}


def note_call(endpoint: str, *, seconds: float) -> None:
    """A call ended, whatever was answered."""
    _took[endpoint] = (_took.get(endpoint, seconds) + seconds) / 2


def forget() -> None:
    """What this process has seen: for tests."""
    _took.clear()


def time_to_wait(endpoint: str, *, at_once: int) -> float:
    """Seconds until it is worth asking again, from half of the time to all of it by chance."""
    turn = max(_took.get(endpoint, USUAL), QUICKEST) / at_once
    waiting = _waiting(endpoint, enough=math.ceil(LONGEST_WAIT / turn))
    planned = min(max(waiting * turn, MIN_WAIT), LONGEST_WAIT)
    return random.uniform(planned / 2, planned)  # noqa: S311 - no secret


def _waiting(endpoint: str, *, enough: int) -> int:
    """This one and those that will ask before it, as far as it matters how many."""
    soon = Now() + timedelta(seconds=LONGEST_WAIT)
    pending = Job.objects.filter(state=Job.State.PENDING).exclude(service="")  # as its index
    others = pending.filter(service=endpoint, queue__in=queues(), next_at__lte=soon)
    return 1 + others.order_by()[:enough].count()
