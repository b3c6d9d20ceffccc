"""Signals, and naps that a signal cuts short."""

import os
import select
import signal
from types import FrameType, TracebackType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Bell:
    """Counts the requests to stop. Use it as a context, in the main thread."""

    def __init__(self) -> None:
        self.requests = 0
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def __enter__(self) -> "Bell":
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, self._wake)
        for number in STOPPING:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, self._count)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        signal.set_wakeup_fd(-1)
        os.close(self._read)
        os.close(self._write)

    def nap(self, seconds: float) -> None:
        """Wait, until a child ends or somebody asks to stop at the longest."""
        if select.select([self._read], [], [], seconds)[0]:
            os.read(self._read, 4096)

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.requests += 1

    def _wake(self, number: int, frame: FrameType | None) -> None:
        """Only the wake-up counts."""
