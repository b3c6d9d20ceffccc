"""Saying what lasts: at once, and then ever more seldom."""

import time

LONGEST_PAUSE = 60.0


class Seldom:
    """One thing that may last for hours. It is told after 0, 1, 3, 7 ... s, then once a minute."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._next = 0.0
        self._pause = 1.0

    def is_due(self) -> bool:
        """Whether to tell it now. It goes on."""
        now = time.monotonic()
        if self._since is None:
            self._since, self._next, self._pause = now, now, 1.0
        if now < self._next:
            return False
        self._next = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        return True

    def ends(self) -> float | None:
        """It is over: for how many seconds it lasted. None where there was nothing."""
        if self._since is None:
            return None
        lasted, self._since = time.monotonic() - self._since, None
        return round(lasted, 1)
