"""A worker says that it is being stopped before Celery does anything about it.

Celery's own signal for it, `worker_shutting_down`, comes too late: on QUIT its handler first waits
for the jobs and kills the children of those that do not end, and the relay would take a deploy for
a crash of theirs. Three deploys would make a long job a dead letter.
"""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from celery import signals

from deferral.worker.liveness import LIVENESS

# As Celery names its handler for QUIT, for TERM that is mapped to it, and for a second INT.
COLD = "worker_Cold"
# What a worker does before Celery ends it coldly. Run by a signal's handler.
BEFORE_THE_END: list[Callable[[], None]] = []

Handler = Callable[[int, FrameType | None], Any] | int | None


@signals.worker_ready.connect
def hear_first(**_: Any) -> None:
    """Put ourselves before the handlers that Celery has installed."""
    for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT):
        signal.signal(number, _leaving(signal.getsignal(number)))


def _leaving(celerys: Handler) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        LIVENESS.leave()
        if getattr(celerys, "__name__", "") == COLD:
            for step in BEFORE_THE_END:
                step()
        if callable(celerys):
            celerys(number, frame)

    return handle
