"""The end of a worker that does not do what it is there for."""

import os
import signal
import time

from django.conf import settings

# Seconds beyond its soft shutdown that it has to end.
PARTING = 10.0


def end_this_process() -> None:
    """Softly if it can, and hard if it cannot: whoever looks after it starts it again.

    The relay gives its jobs to others, and they are not blamed: the worker has taken its leave.
    """
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(settings.SOFT_SHUTDOWN + PARTING)
    os._exit(os.EX_SOFTWARE)
