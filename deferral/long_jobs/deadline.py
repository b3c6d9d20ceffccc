"""The most that a step may take from one checkpoint to the next.

In a child an alarm interrupts it, as Celery's own soft limit does; in a thread worker the keeper of
its limits. What neither interrupts (code in C) ends with its process at the task's limit.
"""

import signal
import threading
from types import FrameType, TracebackType

from celery.exceptions import SoftTimeLimitExceeded

from deferral.threads.limits import LIMITS


class Deadline:
    """Inside of it SoftTimeLimitExceeded is raised `seconds` after it began, or was put off."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._in_child = not LIMITS.are_kept and _is_main_thread()

    def __enter__(self) -> "Deadline":
        if self._in_child:
            self._before = signal.signal(signal.SIGALRM, self._strike)
        self.put_off()
        return self

    def __exit__(
        self,
        _class: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._in_child:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)

    def put_off(self) -> None:
        """It got on: as many seconds from now."""
        if self._in_child:
            signal.setitimer(signal.ITIMER_REAL, self.seconds)
        else:
            LIMITS.put_off(self.seconds)

    def _strike(self, _signal: int, _frame: FrameType | None) -> None:
        msg = f"the step neither ended nor got on within {self.seconds:g} s"
        raise SoftTimeLimitExceeded(msg)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
