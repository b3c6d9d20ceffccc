"""How often a job is tried, and how long it waits in between.

Not for work that waits its turn (`errors.Snooze`): a policy counts failures only.
"""

import random
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryPolicy:
    """Exponential backoff with jitter: `first`, `first * factor`, … up to `ceiling` seconds.

    After `attempts` failures the job is dead. `permanent` errors are dead at the first.
    """

    attempts: int
    first: float
    factor: float = 2.0
    ceiling: float
    jitter: float = 0.2
    permanent: tuple[type[Exception], ...] = ()

    def wait(self, attempt: int, *, retry_after: float | None = None) -> float:
        """Seconds to wait after the failed attempt number `attempt`, which counts from 1.

        `retry_after` is the receiver's Retry-After: it can lengthen the wait, up to the ceiling.
        """
        doublings = min(attempt - 1, 60)  # further ones would only overflow
        planned = min(self.first * self.factor**doublings, self.ceiling)
        spread = planned * random.uniform(1 - self.jitter, 1 + self.jitter)  # noqa: S311 - jitter, not a secret
        return max(spread, min(retry_after or 0.0, self.ceiling))


@dataclass(frozen=True, kw_only=True, slots=True)
class Timetable:
    """Fixed waits with jitter, in seconds: one attempt, and one more after each of them."""

    waits: tuple[float, ...]
    jitter: float = 0.2
    permanent: tuple[type[Exception], ...] = ()

    @property
    def attempts(self) -> int:
        """After so many failures the job is dead."""
        return len(self.waits) + 1

    def wait(self, attempt: int, *, retry_after: float | None = None) -> float:
        """Seconds to wait after the failed attempt number `attempt`, which counts from 1.

        `retry_after` is the receiver's Retry-After: it can lengthen the wait, up to twice the
        planned.
        """
        planned = self.waits[min(attempt, len(self.waits)) - 1]
        spread = planned * random.uniform(1 - self.jitter, 1 + self.jitter)  # noqa: S311 - jitter, not a secret
        return max(spread, min(retry_after or 0.0, 2 * planned))


# Somebody waits for it: 1, 2, 4 … seconds, given up after about an hour.
PROMPT = RetryPolicy(attempts=15, first=1, ceiling=600)

# An external service that may be down for days: 5 s, 15 s, 45 s … every 4 h, given up after three
# days.
PATIENT = RetryPolicy(attempts=26, first=5, factor=3, ceiling=14_400)

# Worth little tomorrow: a minute or so.
BRIEF = RetryPolicy(attempts=5, first=2, ceiling=30)
