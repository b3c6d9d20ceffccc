"""A thread worker that is told to leave soon: nothing new begins, what runs may end or goes back.

Celery would wait its whole soft time, whatever runs, and then could not end a thread. And it waits
in the signal's handler: that stands in the middle of the main thread, with whatever lock this held,
of a log say, on which the threads would wait that are waited for. So the handler leaves a word, as
on TERM Celery takes nothing more and ends when nothing runs, and a thread sees that it does.
"""

import os
import threading
import time

from celery.worker import state
from django.conf import settings

from deferral.threads.ending import give_back_and_end
from deferral.threads.unsettled import UNSETTLED
from deferral.worker import stopping

LOOK_EVERY = 0.25  # seconds

# When it ends at the latest, monotonic seconds; told again and again it leaves no later.
_until: list[float] = []


def is_leaving() -> bool:
    """Whether no job may begin any more. A plain flag: a signal's handler sets it."""
    return bool(_until)


def leave_in_time() -> None:
    """From now on this process leaves by itself where Celery would end it coldly."""
    threading.Thread(target=_end_in_time, name="leaving", daemon=True).start()
    stopping.IN_PLACE_OF_A_COLD_END.append(leave_soon)


def leave_soon() -> None:
    """Take nothing more, and end when nothing runs, after SOFT_SHUTDOWN seconds at the latest."""
    if not _until:
        _until.append(time.monotonic() + settings.SOFT_SHUTDOWN)
    # All that Celery's own handler of TERM does.
    state.should_stop = os.EX_OK  # type: ignore[assignment]  # the stubs know its first value alone


def _end_in_time() -> None:
    """What still runs when the time is over is given back; also where the main thread hangs."""
    while not _until or time.monotonic() < _until[0]:
        time.sleep(LOOK_EVERY)
    give_back_and_end(UNSETTLED.now())
