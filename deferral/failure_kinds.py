"""What can come of asking an external service, other than what it was asked to do.

The one place where the kinds are told apart, and where staff's words for them stand; customers' are
the shop's. A time-out and a 503 are both tried again, but only one of them is silence.
"""

from collections.abc import Mapping
from enum import StrEnum

TOO_MANY = 429


class FailureKind(StrEnum):
    """What a failed job's last error, and an external service's breaker, remember."""

    SILENT = "silent"  # no answer: refused, cut off, or not in time
    UNABLE = "unable"  # an answer, which says that it cannot
    BUSY = "busy"  # an answer, which asks us to slow down

    @classmethod
    def of(cls, status: int | None) -> "FailureKind":
        """By the status of an HTTP answer that is no success; None: there was none."""
        if status is None:
            return cls.SILENT
        return cls.BUSY if status == TOO_MANY else cls.UNABLE


# What is so of an external service while it lasts.
CONDITIONS: Mapping[str, str] = {
    FailureKind.SILENT: "not answering",
    FailureKind.UNABLE: "answering with errors",
    FailureKind.BUSY: "asking us to slow down",
}


def said(service: str, status: int | None) -> str:
    """`warehouse answered 503`, or that it did not."""
    return f"{service} did not answer" if status is None else f"{service} answered {status}"
