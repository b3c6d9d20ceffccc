"""What a provider's answer to one mail means, and the error that says so."""

from enum import StrEnum

LONGEST = 300


class Verdict(StrEnum):
    """Of this address: ADDRESS. Of this mail: MAIL, LATER. Of all of ours: BUSY, US.

    Of nothing: UNREACHED had none of it; UNHEARD may have taken it.
    """

    ADDRESS = "address"
    MAIL = "mail"
    LATER = "later"
    BUSY = "busy"
    US = "us"
    UNREACHED = "unreached"
    UNHEARD = "unheard"


class NotAccepted(Exception):
    """The provider has not said that it took this mail. `seconds`: it asks us to wait so long."""

    def __init__(self, verdict: Verdict, said: str, *, seconds: float | None = None) -> None:
        super().__init__(readable(said))
        self.verdict, self.seconds = verdict, seconds


def readable(said: str) -> str:
    """Somebody else's words as they are shown and kept: one line, not long."""
    return "".join(sign if sign.isprintable() else " " for sign in said)[:LONGEST]
