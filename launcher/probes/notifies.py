"""A program that says itself when it is ready, and that it is at work."""

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


class Notifies:
    """Ready when the program has sent READY=1 to its NOTIFY_SOCKET (systemd's sd_notify).

    One that says WATCHDOG=1 from then on says it for as long as it does its work.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inbox: socket.socket | None = None
        self._at_work_at = 0.0

    def arm(self) -> Mapping[str, str]:
        self._close()
        self._at_work_at = 0.0
        self._inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._inbox.settimeout(0)
        self._inbox.bind(str(self._path))
        return {"NOTIFY_SOCKET": str(self._path)}

    def ready(self) -> bool:
        return b"READY=1" in self._read()

    def silence(self) -> float:
        self._read()
        return time.monotonic() - self._at_work_at if self._at_work_at else 0.0

    def _read(self) -> list[bytes]:
        """What was said since the last look."""
        received: list[bytes] = []
        with suppress(BlockingIOError):
            while self._inbox:
                received += self._inbox.recv(4096).splitlines()
        if b"WATCHDOG=1" in received:
            self._at_work_at = time.monotonic()
        return received

    def _close(self) -> None:
        if self._inbox:
            self._inbox.close()
        self._path.unlink(missing_ok=True)
        self._inbox = None
