"""The end of a worker that does not do what it is there for."""

import os
import signal
import time
from collections.abc import Callable

from django.conf import settings

# Seconds beyond its soft shutdown that it has to end.
PARTING = 10.0


def end_this_process(*, meanwhile: Callable[[], None]) -> None:
    """Softly if it can, and hard if it cannot: whoever looks after it starts it again.

    The relay gives its jobs to others, and they are not blamed: the worker has taken its leave.
    Until then it does `meanwhile`, which takes about a second, again and again.
    """
    os.kill(os.getpid(), signal.SIGTERM)
    until = time.monotonic() + settings.SOFT_SHUTDOWN + PARTING
    while time.monotonic() < until:
        meanwhile()
    os._exit(os.EX_SOFTWARE)
