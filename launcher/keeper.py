"""Ends the process groups of a supervisor that was killed.

The kernel ends each program's main process then, but not that one's own children where they do
not look after themselves. A second process reads from a pipe which groups there are, and kills
them when the pipe is closed from the other side, however that came about.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress


class Keeper:
    """The supervisor's end of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  this very file
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def watch(self, group: int) -> None:
        """From now on this group ends with the supervisor."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """The group has ended; its number may become somebody else's."""
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """The keeper's own end, when nothing is left to watch."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        with suppress(BrokenPipeError):
            if self._process.stdin:
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()


def keep() -> None:
    """Read until the supervisor is gone, then end what it has not ended itself."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line.startswith("+") else groups.discard
        change(int(line[1:]))
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    keep()
