"""The arithmetic of the benchmark."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, median
from typing import Literal


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all do not exceed (nearest rank)."""
    if not values:
        return math.nan
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def middle(values: Sequence[float]) -> float:
    """The median; NaN of nothing."""
    return median(values) if values else math.nan


def ratio(part: float, whole: float) -> float:
    """How many times `whole` goes into `part`; NaN when there is nothing to compare with."""
    return part / whole if whole else math.nan


def rank_test(some: Sequence[float], others: Sequence[float]) -> float:
    """How probable it is that ranks differ so much, or more, where nothing tells the two apart.

    Mann and Whitney's test, two-sided, by the normal approximation with ranks shared among equals:
    for twenty or more of each.
    """
    ranked = sorted([*some, *others])
    first = {value: at for at, value in reversed([*enumerate(ranked, start=1)])}
    ties = Counter(ranked)
    total = sum(first[value] + (ties[value] - 1) / 2 for value in some)
    m, n = len(some), len(others)
    unequal = m + n + 1 - sum(t**3 - t for t in ties.values()) / ((m + n) * (m + n - 1))
    spread = math.sqrt(m * n * unequal / 12)
    away = (total - m * (m + n + 1) / 2) / spread if spread else 0.0
    return 2 * NormalDist().cdf(-abs(away))


@dataclass(frozen=True)
class Mark:
    """A figure and the limit it has to keep. A figure that was not measured keeps none."""

    what: str
    value: float
    relation: Literal["<=", ">="]
    limit: float
    unit: str = ""

    @property
    def met(self) -> bool:
        """NaN compares false, as it should here."""
        return self.value <= self.limit if self.relation == "<=" else self.value >= self.limit


def at_most(what: str, value: float, limit: float, unit: str = "") -> Mark:
    """The figure should not be above the limit."""
    return Mark(what, value, "<=", limit, unit)


def at_least(what: str, value: float, limit: float, unit: str = "") -> Mark:
    """The figure should not be below the limit."""
    return Mark(what, value, ">=", limit, unit)
