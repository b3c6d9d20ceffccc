"""A long task, which leaves a mark for each number that it counts."""

import time

from deferral.long_jobs import Step, step
from deferral.tasks import deferred_task
from tests.probes.tasks import QUICK, mark

# As many numbers as there are checkpoints.
NUMBERS = 60


@deferred_task(name="probes.count", queue="bulk", retry=QUICK, time_limit=30, long=True)
def count(*, name: str) -> None:
    """Count in two steps, twenty numbers a second."""
    step("first", lambda current: _count(current, f"{name}-first"), total=NUMBERS, unit="numbers")
    step("second", lambda current: _count(current, f"{name}-second"), total=NUMBERS, unit="numbers")


def _count(current: Step, name: str) -> int:
    for number in range((current.cursor or 0) + 1, NUMBERS + 1):
        mark(f"{name}-{number}")
        time.sleep(0.05)  # what a real step would work meanwhile
        current.checkpoint(number, done=number)
    return NUMBERS
