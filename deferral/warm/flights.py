"""Threads of one process that want the same at the same moment: one works, the others take it.

And no more than four build at once, whatever they build: a cache that is away must not turn a
crowd of visitors into a crowd of builds. Nobody waits here for longer than two seconds.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from typing import Any

from django.db import connection

from deferral.running import CURRENT

# Seconds that a reader waits for somebody else's build, and then in line to build: two in all.
PATIENCE, IN_LINE = 1.6, 0.4
# So many of a process build at once.
AT_ONCE = 4

_UNDER_WAY: dict[str, "Future[Any]"] = {}
_LOCK = threading.Lock()
_BUILDERS = threading.BoundedSemaphore(AT_ONCE)


def shared(what: str, work: Callable[[], Any], *, alone: Callable[[], Any]) -> Any:
    """What `work` gives, to whoever wants the same meanwhile too. Who has waited in vain works
    `alone`. What `work` raises, it raises for all of them.
    """
    with _LOCK:
        theirs = _UNDER_WAY.get(what)
        ours: Future[Any] = Future()
        if theirs is None:
            _UNDER_WAY[what] = ours
    if theirs is None:
        return _first(what, ours, work)
    _lend_connection()
    with suppress(TooLate):
        return theirs.result(timeout=PATIENCE)
    return alone()


def _first(what: str, ours: "Future[Any]", work: Callable[[], Any]) -> Any:
    """Nobody joins once it is known what came of it: who was told of an error may begin anew."""
    try:
        found = work()
    except BaseException as error:
        _land(what)
        ours.set_exception(error)
        raise
    _land(what)
    ours.set_result(found)
    return found


def _land(what: str) -> None:
    with _LOCK:
        del _UNDER_WAY[what]


def one_of_few(work: Callable[[], Any]) -> Any:
    """Do it as one of four. After a moment in line it is done all the same: a page must come."""
    has_turn = _BUILDERS.acquire(timeout=IN_LINE)
    try:
        return work()
    finally:
        if has_turn:
            _BUILDERS.release()


def wait_for(look: Callable[[], Any], *, every: float = 0.05) -> Any:
    """What `look` finds in the end; None where there is nothing for too long."""
    _lend_connection()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(every)
        if (found := look()) is not None:
            return found
    return None


def _lend_connection() -> None:
    """Whoever waits here leaves the pool's to others. Not a job, whose session is its lock."""
    if CURRENT.get() is None and not connection.in_atomic_block:
        connection.close()
