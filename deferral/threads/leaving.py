"""A thread worker that is told to leave soon: nothing new begins, what runs may end or goes back.

Celery would wait its whole soft time, whatever runs, and then could not end a thread.
"""

import time

from celery.worker import state
from django.conf import settings

from deferral.threads.ending import give_back_and_end
from deferral.threads.unsettled import UNSETTLED
from deferral.worker import stopping

LOOK_EVERY = 0.05  # seconds

# When it ends at the latest, monotonic seconds; told again and again it leaves no later.
_until: list[float] = []


def is_leaving() -> bool:
    """Whether no job may begin any more. A plain flag: a signal's handler sets it."""
    return bool(_until)


def wait_for_threads() -> None:
    """From now on this process waits for its threads before Celery ends it coldly."""
    stopping.BEFORE_THE_END.append(_wait)


def _wait() -> None:
    """Returns when nothing runs; after SOFT_SHUTDOWN seconds it gives back what does, and ends."""
    if not _until:
        _until.append(time.monotonic() + settings.SOFT_SHUTDOWN)
    while time.monotonic() < _until[0]:
        if not state.active_requests:
            return
        time.sleep(LOOK_EVERY)
    give_back_and_end(UNSETTLED.now())
