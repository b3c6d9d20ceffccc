"""What is sent to an external service and what comes back, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Seconds to wait for each part of an answer, and for all of the call; bytes that are read."""

    part: float
    whole: float
    most_read: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a service said: its status, and its body as text. `is_whole`: nothing was left unread.

    Anybody may have written it: whoever reads it takes nothing for granted.
    """

    status: int
    text: str
    is_whole: bool
