"""Dying at a chosen step, to show that nothing is lost there. Off unless CRASHPOINT names a folder.

A file in that folder with a step's name says who shall die there: `child`, the process that
reaches the step first, or `worker`, with it the one that started it. One file is one death: it is
renamed first, by whom it kills.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from billiard.process import current_process


def _armed(folder: Path) -> Callable[[str], None]:
    def die_here(step: str) -> None:
        died = folder / f"{step}.died-{os.getpid()}"
        try:
            (folder / step).rename(died)
        except FileNotFoundError:
            return
        # Celery's main process gets here too, for a child that died: its parent is nobody of ours.
        if died.read_text() == "worker" and current_process().name != "MainProcess":
            os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    return die_here


def _unarmed(step: str) -> None:
    """Nothing to do: the normal case."""


crashpoint = _armed(Path(os.environ["CRASHPOINT"])) if "CRASHPOINT" in os.environ else _unarmed
