"""Time limits of jobs that run in threads: an exception in the thread of a job that is late.

A thread cannot be killed. Python delivers the exception between two of its own instructions, so it
ends whatever drips or loops, and not what sits in C: that is `stuck`'s. Python's own C API has the
call for it (PyThreadState_SetAsyncExc).
"""

import ctypes
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error

from deferral.ledger.claims import Claim
from deferral.threads.left_alone import is_left_alone
from deferral.threads.unsettled import UNSETTLED, Claimed

log = structlog.get_logger(__name__)

# Seconds. A limit is kept so exactly.
LOOK_EVERY = 0.25
# Seconds beyond its limit that a job has to end, which is longer than it may wait for a lock and a
# statement. Then it is stuck, and its process ends (`stuck`).
PATIENCE = 40.0


@dataclass(slots=True)
class Running:
    """A function that its limit may still end. `until`: when, in monotonic seconds."""

    claim: Claim
    until: float
    thread: int = field(default_factory=threading.get_ident)
    is_told: bool = False


class TimeLimits:
    """Of one process. Does nothing until it is started: children have Celery's own limits."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._running: dict[int, Running] = {}
        self._started = False

    def start(self, end: Callable[[list[Claimed]], None]) -> None:
        """Look from now on, in a thread of its own, for as long as the process lives.

        `end` is told what is stuck, also as it settles; again and again while the database is away.
        """
        self._started = True
        looking = threading.Thread(target=self._look_for_ever, args=(end,), daemon=True)
        looking.name = "time limits"
        looking.start()

    @property
    def are_kept(self) -> bool:
        """Whether this process keeps the limits of its threads itself."""
        return self._started

    def put_off(self, seconds: float) -> None:
        """The job of this thread has so many seconds from now, if it has not been told already."""
        with self._one_at_a_time:
            if found := self._running.get(threading.get_ident()):
                found.until = time.monotonic() + seconds
        UNSETTLED.put_off(seconds)

    def run(self, claim: Claim, function: Callable[[], None], *, seconds: float) -> None:
        """SoftTimeLimitExceeded inside, once, after so many seconds; never once this has returned.

        Plain `try`, no context manager of its own: between the end of a `with` block and the code
        that ends it the exception could come too, and what it ends would be left as it is.
        """
        if not self._started:
            function()
            return
        found = Running(claim, time.monotonic() + seconds)
        try:
            with self._one_at_a_time:
                self._running[found.thread] = found
            function()
        except Exception:
            raise
        except BaseException as error:  # SystemExit above all, which ends a child and no thread
            msg = f"it raised {error!r}, which ends no thread"
            raise RuntimeError(msg) from error
        finally:
            try:
                self._end(found)
            except SoftTimeLimitExceeded:  # it came just now, and comes but once
                self._end(found)
                raise

    def _end(self, found: Running) -> None:
        """Nobody is told any more once it is gone from here, and what was told before comes as the
        lock is let go, at the latest: Python looks after each call.
        """
        with self._one_at_a_time:
            if self._running.get(found.thread) is found:
                del self._running[found.thread]

    def _look_for_ever(self, end: Callable[[list[Claimed]], None]) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            try:
                self.look()
                if stuck := UNSETTLED.late(by=PATIENCE):
                    end(stuck)
            except Error as error:
                log.warning("job_stuck_not_charged", error=str(error))
            except Exception:  # without this thread nothing would have a limit
                log.exception("limits_not_kept")

    def look(self) -> None:
        """Tell each job that is late, unless it is in the middle of a statement."""
        with self._one_at_a_time:
            for found in self._running.values():
                late = not found.is_told and found.until <= time.monotonic()
                if late and not is_left_alone(found.thread):
                    found.is_told = True
                    _throw(found.thread, SoftTimeLimitExceeded)
                    log.warning("job_too_long", job=found.claim.key)


LIMITS = TimeLimits()


def _throw(thread: int, error: type[BaseException]) -> None:
    """At the next instruction. Never taken back: Python 3.11 then hangs under a debugger."""
    what = ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), what)
