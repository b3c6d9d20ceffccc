"""What a cache may say to each command. It may forget and lie: any other shape is its absence."""

from collections.abc import Callable, Mapping
from typing import Any

Command = tuple[str | bytes | int, ...]


class NoAnswer(ValueError):
    """Well-formed, and no answer to what was asked."""


def checked(command: Command, answer: Any) -> Any:
    """The answer, where this command may have it. NoAnswer."""
    if SHAPES[str(command[0])](command, answer):
        return answer
    msg = f"no answer to {command[0]!r}: {repr(answer)[:80]}"
    raise NoAnswer(msg)


def _stored(command: Command, answer: Any) -> bool:
    """Nothing is one only to who asked for the first place."""
    return answer == b"OK" or (answer is None and "NX" in command)


def _values(command: Command, answer: Any) -> bool:
    """One for each name, or nothing."""
    if not isinstance(answer, list) or len(answer) != len(command) - 1:
        return False
    return all(value is None or isinstance(value, bytes) for value in answer)


def _count(_: Command, answer: Any) -> bool:
    return isinstance(answer, int)


def _text(_: Command, answer: Any) -> bool:
    return isinstance(answer, bytes)


# A command that is not here cannot be asked.
SHAPES: Mapping[str, Callable[[Command, Any], bool]] = {
    "SET": _stored,
    "MGET": _values,
    "DEL": _count,
    "INFO": _text,
}
