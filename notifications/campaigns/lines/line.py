"""What a way to whoever takes mails can do."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One mail as it goes over the wire. `sender` is where its bounce goes, `key` its own name.

    `attempt` counts from 1 how often it was handed over.
    """

    sender: str
    to: str
    raw: bytes
    key: str = ""
    attempt: int = 1


class Line(Protocol):
    """It is opened with the first mail, under the deadline of whoever sends."""

    def hand_over(self, message: Message) -> None:
        """Have it taken. NotTaken in its kinds, or Unheard."""

    def close(self) -> None:
        """Say goodbye, if anybody listens. The next mail opens it anew."""
