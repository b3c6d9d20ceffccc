"""What a run took, and what a part of the benchmark hands back."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.bench.statistics import Mark

Row = Mapping[str, float | int | str]


@dataclass(frozen=True)
class Run:
    """What so many orders took. `cpu` is seconds by role; the sandbox's is not counted."""

    orders: int
    seconds: float
    cpu: Mapping[str, float]
    to_mail: list[float]

    @property
    def rate(self) -> float:
        """Orders a second, from the first payment to the last effect in the services' journals."""
        return self.orders / self.seconds

    def cpu_ms(self, *roles: str) -> float:
        """Milliseconds of CPU an order, in all or in some roles."""
        return 1000 * sum(self.cpu[role] for role in roles or self.cpu) / self.orders


@dataclass
class Result:
    """One table. `load` is the machine's one-minute load average before the part began.

    `failure` says why a part has no table: it was not measured, or not counted the same twice.
    """

    part: str
    title: str
    rows: list[Row] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    seconds: float = 0.0
    failure: str = ""
