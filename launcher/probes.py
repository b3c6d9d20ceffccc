"""How a program is known to be ready. Looking never blocks: one thread looks after everybody."""

import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol


class Probe(Protocol):
    """The supervisor looks only while the program's own process lives."""

    def arm(self) -> Mapping[str, str]:
        """Get ready for a start; returns what the program's environment needs for it."""

    def ready(self) -> bool: ...

    def silence(self) -> float:
        """Once ready: seconds since it last gave a sign of life. 0 where none is asked for."""


class Answers:
    """Ready when a function says so."""

    def __init__(self, ask: Callable[[], bool]) -> None:
        self._ask = ask

    def arm(self) -> Mapping[str, str]:
        return {}

    def ready(self) -> bool:
        return self._ask()

    def silence(self) -> float:
        return 0.0


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


class Responds:
    """Ready when GET on a loopback port answers `status`. One question is open at a time.

    Afterwards any answer is a sign of life, a 503 of a shop without its database too.
    """

    # Seconds between two questions once it is ready.
    EVERY = 10.0

    def __init__(
        self, port: int, path: str, *, patience: float = 3.0, status: bytes = b"200"
    ) -> None:
        self._port, self._path, self._patience, self._status = port, path, patience, status
        self._line: socket.socket | None = None
        self._asked_at = 0.0
        self._unanswered = 0

    def arm(self) -> Mapping[str, str]:
        self._hang_up()
        return {}

    def ready(self) -> bool:
        try:
            return self._look()
        except BlockingIOError:
            pass
        except OSError:  # nobody there, or nobody who takes a call
            self._hang_up()
        if time.monotonic() - self._asked_at > self._patience:
            self._hang_up()
        return False

    def silence(self) -> float:
        """Counted in questions, not by the clock: while we stood still ourselves none was asked."""
        if self._line is None and time.monotonic() - self._asked_at < self.EVERY:
            return self._unanswered * self.EVERY
        if self._is_answered():
            self._unanswered = 0
        elif self._line and time.monotonic() - self._asked_at > self._patience:
            self._hang_up()
            self._unanswered += 1
        return self._unanswered * self.EVERY

    def _is_answered(self) -> bool:
        try:
            return self._hear().startswith(b"HTTP/")
        except BlockingIOError:  # not yet
            return False
        except OSError:
            self._hang_up()
            self._unanswered += 1
            return False

    def _look(self) -> bool:
        answer = self._hear()
        return answer[:5] == b"HTTP/" and answer.split(None, 2)[1:2] == [self._status]

    def _hear(self) -> bytes:
        if self._line is None:
            self._line = self._ask()
        answer = self._line.recv(64)
        self._hang_up()
        return answer

    def _ask(self) -> socket.socket:
        self._asked_at = time.monotonic()
        line = socket.create_connection(("127.0.0.1", self._port), timeout=1)
        request = f"GET {self._path} HTTP/1.0\r\nHost: 127.0.0.1:{self._port}\r\n\r\n"
        line.sendall(request.encode())
        line.settimeout(0)
        return line

    def _hang_up(self) -> None:
        if self._line:
            self._line.close()
        self._line = None


class Listens:
    """Ready when a loopback port takes connections."""

    def __init__(self, port: int) -> None:
        self._port = port

    def arm(self) -> Mapping[str, str]:
        return {}

    def ready(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
            return True
        return False

    def silence(self) -> float:
        return 0.0


class All:
    """Ready when every part is, each asked until its first yes."""

    def __init__(self, *parts: Probe) -> None:
        self._parts = parts
        self._left = list(parts)

    def arm(self) -> Mapping[str, str]:
        self._left = list(self._parts)
        return {name: value for part in self._parts for name, value in part.arm().items()}

    def ready(self) -> bool:
        self._left = [part for part in self._left if not part.ready()]
        return not self._left

    def silence(self) -> float:
        return max(part.silence() for part in self._parts)
