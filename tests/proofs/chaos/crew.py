"""Processes that are killed, and started again at once, as a supervisor would."""

import os
import signal
import time
from dataclasses import dataclass, field

from tests.bench.processes import children
from tests.rig.processes import CREW
from tests.rig.started import Started

WORKER_NAMES = {worker.name for worker in CREW}


@dataclass(frozen=True)
class Kill:
    """Who died, and when (epoch): a child, or a worker with all its children, or a relay."""

    at: float
    role: str
    pids: tuple[int, ...]


@dataclass
class Crew:
    """Everything of one system that may be killed. Its own thread's: see `spawn`."""

    kept: list[Started]
    kills: list[Kill] = field(default_factory=list)

    def kill(self, role: str, dice: float) -> Kill | None:
        """SIGKILL, to one of them; None when there is nobody to kill just now."""
        targets = self._children() if role == "child" else self._mains(role)
        if not targets:
            return None
        target, lost = targets[int(dice * len(targets))]
        killed = Kill(time.time(), role, tuple(lost))
        os.kill(target, signal.SIGKILL)
        self.kills.append(killed)
        return killed

    def start_again(self) -> None:
        """Whoever is dead. Nobody waits for it to be ready; its orphans are left to themselves."""
        for each in self.kept:
            if each.is_dead:
                each.start()

    def _mains(self, role: str) -> list[tuple[int, list[int]]]:
        """Processes of this role with all that die with them."""
        pids = [each.process.pid for each in self.kept if plays(each, role) and not each.is_dead]
        return [(pid, children(pid)) for pid in pids]

    def _children(self) -> list[tuple[int, list[int]]]:
        """Workers' children, each alone."""
        return [(child, [child]) for _, found in self._mains("worker") for child in found]


def plays(each: Started, role: str) -> bool:
    """Whether it is one of these."""
    return each.name in WORKER_NAMES if role == "worker" else each.name == role
