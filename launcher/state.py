"""What the running supervisor says about itself, for `status` in another terminal."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from launcher.child import Child, State
from launcher.supervisor import Supervisor


@dataclass(frozen=True)
class Line:
    """One process. `since`, `ended_at` and `again_at` are Unix time; `why` it ended, if it did."""

    name: str
    pid: int | None
    state: str
    since: float
    restarts: int
    why: str = ""
    ended_at: float = 0.0
    again_at: float = 0.0
    silence: float = 0.0


def write_state(path: Path, supervisor: Supervisor, addresses: Sequence[str]) -> None:
    """Replace the file; its liveness after the end tells of a supervisor that was killed.

    A full disk leaves the old one, and stops nothing.
    """
    children = supervisor.children.values()
    lines = [_line(each) for each in children]
    content = {
        "pid": os.getpid(),
        "phase": supervisor.phase,
        "programs": [asdict(line) for line in lines],
        "addresses": list(addresses),
    }
    fresh = path.with_suffix(".new")
    with suppress(OSError):
        fresh.write_text(json.dumps(content))
        fresh.replace(path)


def _line(child: Child) -> Line:
    return Line(
        name=child.program.name,
        pid=child.pid,
        state=child.state.value,
        since=child.since,
        restarts=child.restarts,
        why=child.why,
        ended_at=child.ended_at,
        again_at=child.since + child.pause if child.state is State.ENDED else 0.0,
        silence=child.silence() if child.state is State.READY else 0.0,
    )


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
