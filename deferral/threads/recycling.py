"""A thread worker is replaced after so much memory or so many jobs, as children are by Celery.

Libraries leak, and a process that runs for weeks shows it. It takes no more work, ends what runs,
and ends; whoever looks after it starts it again.
"""

import os
import signal
from pathlib import Path

import structlog
from celery.worker import state
from django.conf import settings

log = structlog.get_logger(__name__)

STATM = Path("/proc/self/statm")
PAGE = os.sysconf("SC_PAGE_SIZE")

_told: list[str] = []


def recycle() -> None:
    """Looked at each second."""
    if _told or not (why := _reason()):
        return
    _told.append(why)
    log.warning("worker_recycled", why=why)
    os.kill(os.getpid(), signal.SIGTERM)


def _reason() -> str:
    memory, jobs = resident_mib(), sum(state.total_count.values())
    if memory > settings.WORKER_MAX_MIB:
        return f"{memory:.0f} MiB of memory, more than {settings.WORKER_MAX_MIB}"
    if jobs >= settings.WORKER_MAX_JOBS:
        return f"{jobs} jobs"
    return ""


def resident_mib() -> float:
    """Of this process, shared pages included."""
    return int(STATM.read_text().split()[1]) * PAGE / 2**20
