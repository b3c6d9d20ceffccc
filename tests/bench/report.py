"""`.artefacts/bench.json`: the last run, for whoever draws tables or compares.

    {"schema": 1,
     "at": "2026-11-22T20:15:00+00:00",     when it ended, UTC
     "arguments": ["throughput", "--quick"],
     "machine": {"cores": 2, "python": "3.11.7", "system": "Linux-6.1-x86_64"},
     "parts": [{"part": "throughput",       as named on the command line
                "title": "...",
                "load": 0.4,                one-minute load average before it began
                "seconds": 210.5,           how long it took
                "rows": [{column: number or text, ...}],   the table as it was printed
                "marks": [{"what": "...", "value": 1.31, "relation": ">=", "limit": 1.2,
                           "unit": "x", "met": true}],     value null: not measured
                "notes": ["..."],
                "failure": ""}]}        why it was not measured; empty when it was

Columns are named with their units. A part that was not run is not in it.
"""

import json
import math
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from launcher.options import ROOT
from tests.bench.results import Result

SCHEMA = 1


def place(name: str) -> Path:
    """Where a report is kept: not in DATA_DIR, which `make up` takes only whole or empty."""
    return Path(os.environ.get("ARTEFACTS") or ROOT / ".artefacts") / name


def write(path: Path, results: Sequence[Result], arguments: Sequence[str]) -> None:
    """Replace the file: whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(report(results, arguments), indent=1, ensure_ascii=False) + "\n")
    fresh.replace(path)


def report(results: Sequence[Result], arguments: Sequence[str]) -> dict[str, Any]:
    """The file's content."""
    return {
        "schema": SCHEMA,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "arguments": list(arguments),
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        },
        "parts": [part(result) for result in results],
    }


def part(result: Result) -> dict[str, Any]:
    """One result; JSON knows no NaN."""
    marks = [
        asdict(mark) | {"value": None if math.isnan(mark.value) else mark.value, "met": mark.met}
        for mark in result.marks
    ]
    return asdict(result) | {"marks": marks}
