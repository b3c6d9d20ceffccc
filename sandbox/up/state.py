"""What the running supervisor says about itself, for `status` in another terminal."""

import json
import os
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


def write_state(path: Path, supervisor: Supervisor) -> None:
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
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content))
    fresh.replace(path)


def read_state(path: Path) -> tuple[str, list[Line]]:
    """The phase and the processes; empty when there is nothing to read yet."""
    if not path.exists():
        return "starting", []
    content: dict[str, Any] = json.loads(path.read_text())
    return content["phase"], [Line(**line) for line in content["programs"]]
