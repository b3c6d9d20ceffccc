"""What a part of the benchmark hands back."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.bench.statistics import Mark

Row = Mapping[str, float | int | str]


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
