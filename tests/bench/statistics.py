"""The arithmetic of the benchmark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
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
