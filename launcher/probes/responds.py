"""A program that answers HTTP."""

import socket
import time
from collections.abc import Mapping


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
