"""What can come of asking a stranger, other than what it was asked to do.

The one place where the kinds are told apart, and where staff's words for them stand; customers' are
the shop's. A time-out and a 503 are both tried again, but only one of them is silence.
"""

from collections.abc import Mapping
from enum import StrEnum

TOO_MANY = 429


class Trouble(StrEnum):
    """What a failed job's last error, and a stranger's breaker, remember."""

    SILENT = "silent"  # no answer: refused, cut off, or not in time
    UNABLE = "unable"  # an answer, which says that it cannot
    BUSY = "busy"  # an answer, which asks us to slow down

    @classmethod
    def of(cls, status: int | None) -> "Trouble":
        """By the status of an HTTP answer that is no success; None: there was none."""
        if status is None:
            return cls.SILENT
        return cls.BUSY if status == TOO_MANY else cls.UNABLE


# What is so of a stranger while it lasts.
STANDING: Mapping[str, str] = {
    Trouble.SILENT: "not answering",
    Trouble.UNABLE: "answering with errors",
    Trouble.BUSY: "asking us to slow down",
}


def said(stranger: str, status: int | None) -> str:
    """`warehouse answered 503`, or that it did not."""
    return f"{stranger} did not answer" if status is None else f"{stranger} answered {status}"
