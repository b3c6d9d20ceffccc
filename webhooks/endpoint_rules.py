"""When an endpoint that fails is told of, and when it is given up: arithmetic, no database.

A delivery has its own ten attempts over three days; this looks at all of an endpoint's together.
An endpoint that answers 410 is given up at once, which is not decided here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

WARN_ON_DAYS = (1, 3)
GIVE_UP_AFTER = timedelta(days=5)
# A shop that sells little asks seldom: five days of two attempts prove nothing.
MIN_FAILURES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """What is due after a failure. `warn` is the day that staff are to hear of, 0 for none."""

    warn: int = 0
    disable: bool = False


def advice(*, failing_since: datetime, failures: int, warned: int, now: datetime) -> Advice:
    """Each day is told once, and not at all when a later one has passed meanwhile."""
    failing_for = now - failing_since
    if failing_for >= GIVE_UP_AFTER and failures >= MIN_FAILURES:
        return Advice(disable=True)
    passed = max((day for day in WARN_ON_DAYS if failing_for >= timedelta(days=day)), default=0)
    return Advice(warn=passed if passed > warned else 0)
