"""What a supervisor asks of a program, and the plainest ways to answer."""

from collections.abc import Callable, Mapping
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
