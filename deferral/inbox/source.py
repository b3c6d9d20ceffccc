"""Who may send us notices, and what a notice says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deferral.events import DomainEvent
from deferral.models import IncomingNotice

# The columns'. A subject has a hundred letters, and an app puts a word before `about`.
LONGEST_ID, LONGEST_KIND, LONGEST_ABOUT = 255, 100, 90


def word(value: Any, longest: int) -> str:
    """A name that somebody else gave: short, and of letters that every database takes.

    ValueError otherwise.
    """
    if not (isinstance(value, str) and value.isascii() and value.isprintable()):
        raise ValueError(value)
    if not 0 < len(value) <= longest:
        raise ValueError(value)
    return value


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """The three words of a notice that matter: its sender's name for it, what kind it is, and the
    sender's name for what it is about. ValueError when one is no such word.

    `content` is what is kept of the rest: JSON that `read` has made, never the body as it came.
    None where the notice is a hint, and its sender is asked.
    """

    external_id: str
    kind: str
    about: str
    content: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        word(self.external_id, LONGEST_ID)
        word(self.kind, LONGEST_KIND)
        word(self.about, LONGEST_ABOUT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A sender of notices.

    `verify` is given the raw bytes and the request's headers, and returns the Unix time at which
    the sender signed them; it raises NoticeForged. It never trusts a time that is not signed.
    `read` is given bytes that are signed, and the headers: None for what does not concern us;
    whatever a body that it cannot read makes it raise means that it is not understood.
    `follows` makes the event of a stored notice, and its subject.
    `most` is in bytes. `tolerance` is in seconds, either way: an old signature is a replay, and one
    that is dated ahead would be good for replays until then. `kept` is longer than the sender
    repeats a notice: what is forgotten would be news.
    """

    name: str
    verify: Callable[[bytes, Mapping[str, str]], int]
    read: Callable[[bytes, Mapping[str, str]], Notice | None]
    follows: Callable[[IncomingNotice], tuple[DomainEvent, str]]
    most: int = 262_144
    tolerance: int = 300
    kept: timedelta = timedelta(days=90)
