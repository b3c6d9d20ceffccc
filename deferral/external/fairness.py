"""No external service takes all threads of a worker: over a third of them, a job comes back later.

Only where a process serves several. One that hangs costs the others nothing then, long before it
has failed often enough for its breaker.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from deferral.errors import Snooze
from deferral.external_services import ExternalService
from deferral.threads.pool import most_of_one_service

# Seconds until it comes back.
WAIT = (1.0, 3.0)

_one_at_a_time = threading.Lock()
_under_way: Counter[str] = Counter()


@contextmanager
def one_of_few(service: ExternalService) -> Iterator[None]:
    """Around a call. Snooze, which costs no attempt, while there are too many."""
    most = most_of_one_service()
    if most is None:
        yield
        return
    with _one_at_a_time:
        if _under_way[service] >= most:
            wait = random.uniform(*WAIT)  # noqa: S311 - no secret
            msg = f"{most} others of this process are asking {service}"
            raise Snooze(msg, cause=f"many ask {service}", seconds=wait)
        _under_way[service] += 1
    try:
        yield
    finally:
        with _one_at_a_time:
            _under_way[service] -= 1
            if not _under_way[service]:
                del _under_way[service]
