"""An end to a conversation by HTTP, wherever it stands: a library's time-out is for each read.

A look-up has an end of its own, for nothing can interrupt one: it is left to a thread.
"""

import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class Deadline:
    """Cuts every line it watches after so many seconds; whoever reads from one sees its end."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._lines: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, line: socket.socket) -> None:
        """By a second handle, which TLS does not take away."""
        with self._lock:
            self._lines.append(line.dup())
        if self.is_over:
            self._cut()

    def close(self) -> None:
        """What is still open is the caller's again."""
        self._timer.cancel()
        with self._lock:
            while self._lines:
                self._lines.pop().close()

    def _strike(self) -> None:
        self.is_over = True
        self._cut()

    def _cut(self) -> None:
        with self._lock:
            for line in self._lines:
                with contextlib.suppress(OSError):  # the other side was faster
                    line.shutdown(socket.SHUT_RDWR)


def within(seconds: float, ask: Callable[[], T]) -> T:
    """What it returns or raises. TimeoutError after so many seconds: nobody waits for it then."""
    found: Future[T] = Future()

    def work() -> None:
        try:
            found.set_result(ask())
        except Exception as error:  # noqa: BLE001 - raised again by whoever waits
            found.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return found.result(timeout=seconds)
