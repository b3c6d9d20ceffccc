"""A worker says that it is being stopped before Celery does anything about it.

Celery's own signal for it, `worker_shutting_down`, comes too late: on QUIT its handler first waits
for the jobs and kills the children of those that do not end, and the relay would take a deploy for
a crash of theirs. Three deploys would make a long job a dead letter.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from celery import signals

from deferral.worker.liveness import LIVENESS

# As Celery names its handler for QUIT, for TERM that is mapped to it, and for a second INT.
COLD = "worker_Cold"
# What a worker does where Celery would end it coldly. Run by a signal's handler: nothing in there
# may wait.
IN_PLACE_OF_A_COLD_END: list[Callable[[], None]] = []

Handler = Callable[[int, FrameType | None], Any] | int | None


@dataclass(frozen=True)
class Leaving:
    """A signal's handler before Celery's own."""

    celerys: Handler

    def __call__(self, number: int, frame: FrameType | None) -> None:
        LIVENESS.leave()
        if IN_PLACE_OF_A_COLD_END and getattr(self.celerys, "__name__", "") == COLD:
            for step in IN_PLACE_OF_A_COLD_END:
                step()
        elif callable(self.celerys):
            self.celerys(number, frame)
        hear_first()  # what it has installed for the next one, as on INT


@signals.worker_ready.connect
def hear_first(**_: Any) -> None:
    """Put ourselves before the handlers that Celery has installed."""
    for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT):
        celerys = signal.getsignal(number)
        if not isinstance(celerys, Leaving):
            signal.signal(number, Leaving(celerys))
