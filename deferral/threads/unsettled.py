"""What the threads of this process have claimed, and not settled yet.

A job counts from its claim until it is settled, and not only while its function runs: what hangs as
it settles keeps its lock too, past its lease, and nobody but its own process can end it then.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from deferral.ledger.claims import Claim


@dataclass(slots=True)
class Claimed:
    """A job under way in a thread. `until` is when its limit is reached, monotonic seconds."""

    claim: Claim
    until: float
    thread: int = field(default_factory=threading.get_ident)


class Unsettled:
    """Of one process. It only knows: what becomes of a job that is late is others' to decide."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._found: dict[int, Claimed] = {}

    @contextmanager
    def counted(self, claim: Claim, *, seconds: float) -> Iterator[None]:
        """Around all that is done about a claimed job, whose limit is so many seconds."""
        found = Claimed(claim, time.monotonic() + seconds)
        with self._one_at_a_time:
            self._found[found.thread] = found
        try:
            yield
        finally:
            with self._one_at_a_time:
                del self._found[found.thread]

    def put_off(self, seconds: float) -> None:
        """The job of this thread, if it has one, has so many seconds from now."""
        with self._one_at_a_time:
            if found := self._found.get(threading.get_ident()):
                found.until = time.monotonic() + seconds

    def now(self) -> list[Claimed]:
        """What is under way."""
        with self._one_at_a_time:
            return list(self._found.values())

    def late(self, *, by: float) -> list[Claimed]:
        """What is under way so many seconds after its limit."""
        then = time.monotonic() - by
        return [found for found in self.now() if found.until < then]


UNSETTLED = Unsettled()
