"""What the running supervisor says about itself, for `status` in another terminal."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox.up.supervisor import Supervisor


@dataclass(frozen=True)
class Line:
    """One process. `since` is Unix time."""

    name: str
    pid: int | None
    state: str
    since: float
    restarts: int


def write_state(path: Path, supervisor: Supervisor, addresses: Sequence[str]) -> None:
    """Replace the file; its presence after the end tells of a supervisor that was killed."""
    children = supervisor.children.values()
    lines = [
        Line(each.program.name, each.pid, each.state.value, each.since, each.restarts)
        for each in children
    ]
    content = {
        "pid": os.getpid(),
        "phase": supervisor.phase,
        "programs": [asdict(line) for line in lines],
        "addresses": list(addresses),
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content))
    fresh.replace(path)


@dataclass(frozen=True)
class Shown:
    """What another terminal may know; `addresses` are lines to print as they are."""

    phase: str = "starting"
    lines: Sequence[Line] = ()
    addresses: Sequence[str] = ()


def read_state(path: Path) -> Shown:
    """What was written last; nothing when there is nothing to read yet."""
    if not path.exists():
        return Shown()
    content: dict[str, Any] = json.loads(path.read_text())
    lines = [Line(**line) for line in content["programs"]]
    return Shown(content["phase"], lines, content.get("addresses", ()))
