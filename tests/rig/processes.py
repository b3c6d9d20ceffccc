"""The shop's real processes: web, relay, workers, beat."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests

from launcher.options import read_options
from launcher.program import Program
from launcher.servers.process import Process, kill_group, last_lines, spawn
from launcher.stack import as_deployed, halyard

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


@dataclass(kw_only=True)
class Processes:
    """Starts processes with a scratch directory of its own, and ends them all.

    `env` comes on top of this run's environment; it names the database.
    """

    scratch: Path
    env: Mapping[str, str] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)
    bells: list["Bell"] = field(default_factory=list)
    started: dict[Process, tuple[str, Sequence[str], dict[str, str]]] = field(default_factory=dict)

    def relay(self, **env: str) -> Process:
        return self.start("relay", as_in_make_up("relay").command, **env)

    def worker(
        self, lanes: str = "critical,partners,bulk,analytics", processes: str = "2", **env: str
    ) -> Process:
        name = f"worker{len(self.processes)}"
        celery = [sys.executable, "-m", "celery", "-A", "config", "worker", "-n", f"{name}@%h"]
        quiet = ["--without-gossip", "--without-mingle", "-l", "WARNING", "-c", processes]
        return self.start(name, [*celery, "-Q", lanes, *quiet], **env)

    def beat(self, **env: str) -> Process:
        return self.start("beat", as_in_make_up("beat").command, **env)

    def web(self) -> Process:
        web = as_in_make_up("web")
        return self.start("web", web.command, **web.env)

    @property
    def address(self) -> str:
        """Of the web."""
        return f"http://127.0.0.1:{os.environ['WEB_PORT']}"

    def answers(self, path: str) -> requests.Response:
        """What the web says; a shop that does not listen yet is 599."""
        try:
            return requests.get(self.address + path, timeout=PATIENCE, allow_redirects=False)
        except requests.ConnectionError:
            silent = requests.Response()
            silent.status_code = 599
            return silent

    def open(self) -> None:
        """Everything that `make up` starts, but Flower."""
        for start in (self.web, self.relay, self.worker, self.beat):
            start()
        self.ready()

    def run(self, name: str) -> None:
        """One of the commands that come before: migrate, seed."""
        command = as_in_make_up(name).command
        subprocess.run(command, check=True, env=os.environ | self.env, cwd=ROOT)  # noqa: S603  ours

    def start(self, name: str, command: Sequence[str], **env: str) -> Process:
        """Start a process; whatever the test does next waits until it is ready."""
        bell = Bell(self.scratch / f"{name}-{len(self.processes)}")
        ours = as_deployed(os.environ) | {"NOTIFY_SOCKET": str(bell.path)}
        whole = os.environ | self.env | ours | env
        process = spawn(command, log=self.scratch / f"{name}.log", env=whole, cwd=ROOT)
        bell.process = process
        self.processes.append(process)
        self.bells.append(bell)
        self.started[process] = (name, command, env)
        return process

    def start_again(self) -> None:
        """What a supervisor does: whatever has died is started again, as it was."""
        for process in [process for process in self.processes if process.poll() is not None]:
            kill_group(process)
            self.processes.remove(process)
            self.bells = [bell for bell in self.bells if not bell.of(process)]
            name, command, env = self.started.pop(process)
            self.start(name, command, **env)

    def end_one(self, process: Process) -> None:
        """At once, and for good."""
        self.processes.remove(process)
        self.bells = [bell for bell in self.bells if not bell.of(process)]
        self.started.pop(process)
        kill_group(process)
        process.wait()

    def ready(self) -> None:
        """Wait until everything that was started has said that it is ready (sd_notify)."""
        while self.bells:
            assert self.bells.pop().heard(), self.logs()

    def close(self) -> None:
        """End every process at once: nothing of this test may touch the next one's rows."""
        self.end()
        for bell in self.bells:
            bell.channel.close()

    def end(self) -> None:
        """Kill every process; others may be started afterwards."""
        while self.processes:
            process = self.processes.pop()
            kill_group(process)
            process.wait()

    def logs(self) -> str:
        """The ends of all logs."""
        found = sorted(self.scratch.glob("*.log"))
        return "\n".join(f"{log.name}:\n{last_lines(log)[-3000:]}" for log in found)


class Bell:
    """The supervisor's end of sd_notify."""

    process: Process

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)  # of one that died
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.channel.bind(str(path))
        self.channel.settimeout(0.1)

    def of(self, process: Process) -> bool:
        """Whether it is this process's; then nobody will ring it any more."""
        if self.process is not process:
            return False
        self.channel.close()
        return True

    def heard(self) -> bool:
        """Whether it said READY=1 before it died, and in time."""
        until = time.monotonic() + PATIENCE
        with contextlib.closing(self.channel):
            while self.process.poll() is None and time.monotonic() < until:
                with contextlib.suppress(TimeoutError):
                    return self.channel.recv(64).startswith(b"READY=1")
        return False


def as_in_make_up(name: str) -> Program:
    """One of the programs that `make up` starts, at this run's ports."""
    programs = halyard(read_options(), os.environ).programs
    return next(program for program in programs if program.name == name)
