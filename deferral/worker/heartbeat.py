"""A process says that it is at work, to whoever looks after it: by a file, and to its supervisor.

A container's health check then costs a look at a file (HEARTBEAT_FILE) instead of a Django start; a
supervisor hears systemd's own words (sd_notify, WATCHDOG=1) and starts again whoever falls silent.
Not for telling others whether a role is there: PostgreSQL knows that (`liveness`,
`ledger.living`). It goes on while database or broker are away: no restart of ours would bring
them back.
"""

import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery import signals

FILE = os.environ.get("HEARTBEAT_FILE", "")
# Seconds. A relay in a hurry comes by fifty times in one.
EVERY = 1.0

_told: dict[str, float] = {"at": float("-inf"), "ready": False}


def beat() -> None:
    """Say that this process is at work. A full disk or a supervisor that is gone is not raised."""
    if time.monotonic() - _told["at"] < EVERY:
        return
    _told["at"] = time.monotonic()
    if _told["ready"]:  # not before: the first word of a process is that it is ready
        _notify("WATCHDOG=1")
    if FILE:
        with suppress(OSError):
            Path(FILE).touch()


def notify_ready() -> None:
    """Tell the supervisor, if there is one, that this process is ready.

    With the first sign of life: one that freezes at this moment is missed too. A supervisor that
    listens no longer is not raised: nobody's silence ends a process.
    """
    _notify("READY=1")
    _notify("WATCHDOG=1")
    _told["ready"] = True


def _notify(words: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.settimeout(0)  # a supervisor that reads nothing holds nobody up
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.send(words.encode())


@signals.worker_ready.connect
@signals.beat_init.connect
def _ready(**_: Any) -> None:
    notify_ready()
