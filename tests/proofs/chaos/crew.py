"""Processes that are killed, and started again at once, as a supervisor would."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from launcher.servers.process import Process
from tests.bench.processes import children

Start = Callable[[], Process]


@dataclass
class Kept:
    """One of them: what it is, how it is started, and the process it is now."""

    role: str
    start: Start
    process: Process

    @property
    def is_dead(self) -> bool:
        """And waited for."""
        return self.process.poll() is not None


@dataclass(frozen=True)
class Kill:
    """Who died, and when (epoch): a child, or a worker with all its children, or a relay."""

    at: float
    role: str
    pids: tuple[int, ...]


@dataclass
class Crew:
    """Everything of one system that may be killed. Its own thread's: see `spawn`."""

    kept: list[Kept]
    kills: list[Kill] = field(default_factory=list)

    def kill(self, role: str, dice: float) -> Kill | None:
        """SIGKILL, to one of them; None when there is nobody to kill just now."""
        wanted = "worker" if role == "child" else role
        living = [each for each in self.kept if each.role == wanted and not each.is_dead]
        pids = [(each.process.pid, children(each.process.pid)) for each in living]
        if role == "child":
            targets = [(child, [child]) for _, found in pids for child in found]
        else:
            targets = pids
        if not targets:
            return None
        target, lost = targets[int(dice * len(targets))]
        killed = Kill(time.time(), role, tuple(lost))
        os.kill(target, signal.SIGKILL)
        self.kills.append(killed)
        return killed

    def start_again(self) -> None:
        """Whoever is dead. Nobody waits for it to be ready."""
        for each in self.kept:
            if each.is_dead:
                each.process = each.start()


def keep(role: str, start: Start) -> Kept:
    """Start it, and know how to do it again."""
    return Kept(role, start, start())
