"""Dying at a chosen step, to show that nothing is lost there. Off unless CRASHPOINT is set.

`CRASHPOINT="claimed child 2 /tmp/dir"`: at the step `claimed`, this process kills itself
(`worker`: its whole worker), twice, counted in files in that directory.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path


def _armed(setting: str) -> Callable[[str], None]:
    name, victim, times, directory = setting.split(" ", 3)

    def die_here(reached: str) -> None:
        if reached == name and _take_turn(Path(directory), int(times)):
            if victim == "worker":
                os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    return die_here


def _take_turn(directory: Path, times: int) -> bool:
    for turn in range(times):
        try:
            (directory / f"died-{turn}").touch(exist_ok=False)
        except FileExistsError:
            continue
        return True
    return False


def _unarmed(reached: str) -> None:
    """Nothing to do: the normal case."""


crashpoint = _armed(os.environ["CRASHPOINT"]) if "CRASHPOINT" in os.environ else _unarmed
