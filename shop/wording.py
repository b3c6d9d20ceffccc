"""Money, times, and what becomes of an order's steps, as a customer reads them."""

from collections.abc import Mapping
from datetime import timedelta

from deferral.failure_kinds import FailureKind

NOBODY = "Nobody is working on this at the moment; it will be done as soon as somebody is."
DEAD_END = "This needs one of us. We have been told; your order and your payment are safe."
PAUSED = "cannot be asked at the moment"
NOT_YET = "That did not work yet."
TRYING_AGAIN = "{what} Trying again {when}."

# What came of asking somebody, and what is so of a service whose breaker is open for it.
ASKED: Mapping[str | None, str] = {
    FailureKind.SILENT: "did not answer",
    FailureKind.UNABLE: "could not take it",
    FailureKind.BUSY: "asked us to slow down",
}
WHILE_OPEN: Mapping[str, str] = {
    FailureKind.SILENT: "has not answered since {since}",
    FailureKind.UNABLE: "has not been able to take anything since {since}",
    FailureKind.BUSY: "asked us at {since} to slow down",
}


def euros(cents: int) -> str:
    """`€1,234.50` for 123450."""
    return f"€{cents // 100:,}.{cents % 100:02}"


def duration(length: timedelta) -> str:
    """How long something took: `0.4 s`, `12 s`, `3 min`, `2 h`."""
    seconds = max(0.0, length.total_seconds())
    if seconds < 10:
        return f"{seconds:.1f} s"
    return rough(seconds)


def wait(length: timedelta) -> str:
    """How long until something happens: `now`, `in 4 s`, `in 3 min`."""
    seconds = length.total_seconds()
    return f"in {rough(seconds)}" if seconds >= 1 else "now"


def rough(seconds: float) -> str:
    """The largest unit that is not less than one, or two of a small one."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.0f} h"
