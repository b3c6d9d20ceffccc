"""`manage`: Django's commands on the running shop, with its database, broker and secrets."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from launcher.data_dir import holder
from launcher.environment import NOT_FOR_CHILDREN
from launcher.errors import Refused
from launcher.options import ROOT, Options
from launcher.state import read_state
from launcher.workers import WORKERS

# All of them have the database, the broker and the secrets. Workers are as nice as their work.
ASKED = ("relay", "beat", *(worker.name for worker in WORKERS))


def manage(options: Options, words: Sequence[str]) -> int:
    """Become `manage.py words…` with the relay's environment; refused when nothing runs.

    One of the others' where the relay has just died: that is when one asks the doctor.
    """
    if holder(options.data_dir) is None:
        raise Refused("Halyard is not running: make up starts it.")
    command = [sys.executable, str(ROOT / "manage.py"), *(words or ["help"])]
    os.chdir(ROOT)
    os.execve(sys.executable, command, _environment(_living(options)))  # noqa: S606 our own program


def _living(options: Options) -> int:
    pids = {line.name: line.pid for line in read_state(options.state_file).lines if line.pid}
    for name in ASKED:
        if name in pids:
            return pids[name]
    raise Refused("No process of the shop is running at this moment: see make status.")


def _environment(pid: int) -> dict[str, str]:
    raw = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="surrogateescape")
    pairs = (entry.partition("=") for entry in raw.split("\0") if entry)
    return {name: value for name, _, value in pairs if name not in NOT_FOR_CHILDREN}
