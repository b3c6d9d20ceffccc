"""Work of which the children of one worker do one at a time, however many there are.

What takes minutes and all cores leaves the worker's other children to whatever is quick. A lock of
the session says who is at it: a killed process's is free at once, as its job's lock is. Not for
what all workers together may do once at a time: that is an ordering key, or a slot.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from deferral.database import holding
from deferral.database.locks import alone_lock
from deferral.errors import Snooze
from deferral.models import Job
from deferral.registry import TASKS
from deferral.running import current_job
from deferral.worker.liveness import LIVENESS

# So many that wait are counted; nobody waits for longer, in seconds.
MOST_COUNTED, LONGEST = 50, 60.0


@contextmanager
def alone_in_its_worker(*, wait: float) -> Iterator[None]:
    """Around the work. Snooze, which costs no attempt, while another child of this worker is at it.

    A job asks again after `wait` seconds or so, and after more where many of its queue wait: the
    less it may wait, the sooner it has its turn.
    """
    lock = holding.hold_one_of([alone_lock(LIVENESS.id)])
    if lock is None:
        raise Snooze("another job of its worker takes its time", seconds=_until(wait))
    try:
        yield
    finally:
        holding.drop(lock)


def _until(wait: float) -> float:
    """A look takes some milliseconds: all that wait make a few a second."""
    queue = TASKS[current_job().claim.task].queue
    waiting = Job.objects.filter(queue=queue, state=Job.State.PENDING)
    many = waiting.order_by()[:MOST_COUNTED].count()
    planned = min(max(wait, many * wait / 10), LONGEST)
    return random.uniform(planned / 2, planned)  # noqa: S311 - no secret
