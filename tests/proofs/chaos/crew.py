"""Processes that are killed, and started again at once, as a supervisor would."""

import os
import signal
import time
from dataclasses import dataclass, field

from config.process import threads_of
from launcher.workers import WORKERS
from tests.bench.processes import children
from tests.rig.started import Started

WORKER_NAMES = {worker.name for worker in WORKERS}


@dataclass(frozen=True)
class Kill:
    """Who died, and when (epoch): a child, or a worker with all its children, or a relay.

    `pids` are those under which jobs were claimed, `jobs` how many of them ran there at most.
    """

    at: float
    role: str
    pids: tuple[int, ...]
    jobs: int = 1
    name: str = ""


@dataclass(frozen=True)
class Target:
    """Whom SIGKILL may be sent, and what of the crew dies with it. `name`: of its worker."""

    pid: int
    lost: tuple[int, ...]
    jobs: int
    name: str


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
        target = targets[int(dice * len(targets))]
        killed = Kill(time.time(), role, target.lost, target.jobs, target.name)
        os.kill(target.pid, signal.SIGKILL)
        self.kills.append(killed)
        return killed

    def start_again(self) -> None:
        """Whoever is dead. Nobody waits for it to be ready; its orphans are left to themselves."""
        for each in self.kept:
            if each.is_dead:
                each.start()

    def _mains(self, role: str) -> list[Target]:
        """Processes of this role with all that die with them."""
        return [target(each) for each in self.kept if plays(each, role) and not each.is_dead]

    def _children(self) -> list[Target]:
        """Workers' children, each alone. Threads cannot be killed alone."""
        mains = self._mains("worker")
        found = ((child, main) for main in mains for child in main.lost if child != main.pid)
        return [Target(child, (child,), 1, main.name) for child, main in found]


def target(each: Started) -> Target:
    """A main process, with its children or its threads."""
    pid = each.process.pid
    if threads := threads_of(each.command):
        return Target(pid, (pid,), threads, each.name)
    forked = tuple(children(pid))
    return Target(pid, forked, len(forked), each.name)


def plays(each: Started, role: str) -> bool:
    """Whether it is one of these."""
    return each.name in WORKER_NAMES if role == "worker" else each.name == role
