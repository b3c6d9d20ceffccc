"""`manage`: Django's commands on the running shop, with its database, broker and secrets."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.up.data_dir import holder
from sandbox.up.environment import NOT_FOR_CHILDREN
from sandbox.up.errors import Refused
from sandbox.up.options import ROOT, Options
from sandbox.up.state import read_state


def manage(options: Options, words: Sequence[str]) -> int:
    """Become `manage.py words…` with the relay's environment; refused when nothing runs."""
    if holder(options.data_dir) is None:
        raise Refused("Halyard is not running: make up starts it.")
    command = [sys.executable, str(ROOT / "manage.py"), *(words or ["help"])]
    os.chdir(ROOT)
    os.execve(sys.executable, command, _environment(_relay(options)))  # noqa: S606 our own program


def _relay(options: Options) -> int:
    for line in read_state(options.state_file).lines:
        if line.name == "relay" and line.pid:
            return line.pid
    raise Refused("The relay is not running at this moment: try again, or see make status.")


def _environment(pid: int) -> dict[str, str]:
    raw = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="surrogateescape")
    pairs = (entry.partition("=") for entry in raw.split("\0") if entry)
    return {name: value for name, _, value in pairs if name not in NOT_FOR_CHILDREN}
