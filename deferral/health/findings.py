"""What any app may ask of itself: a question is a function under `@health_check`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    name: str
    well: bool
    detail: str


Check = Callable[[], Iterable[Finding]]
CHECKS: list[Check] = []


def health_check(function: Check) -> Check:
    """Add a question. It must answer within a few seconds and must not raise."""
    CHECKS.append(function)
    return function


def in_seconds(length: timedelta) -> str:
    """As `12 s`: whole seconds, rounded."""
    return f"{length.total_seconds():.0f} s"
