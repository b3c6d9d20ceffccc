"""The shop's real processes: web, relay, workers, beat."""

import itertools
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests

from launcher.options import read_options
from launcher.program import Program
from launcher.servers.process import Process, kill_group, last_lines
from launcher.stack import NICE, as_deployed, halyard
from launcher.stack import web as web_program
from launcher.workers import WORKERS, Worker
from tests.rig.in_children import in_children
from tests.rig.started import Started
from tests.rig.surroundings import ROOT
from tests.rig.waiting import PATIENCE, eventually

QUIET = ("--without-gossip", "--without-mingle", "-l", "WARNING")
EVERY_QUEUE = ",".join(worker.queues for worker in WORKERS)


@dataclass(kw_only=True)
class Processes:
    """Starts processes with a scratch directory of its own, and ends them all.

    `env` comes on top of this run's environment; it names the database.
    """

    scratch: Path
    env: Mapping[str, str] = field(default_factory=dict)
    started: list[Started] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def relay(self, **env: str) -> Process:
        return self.start("relay", as_in_make_up("relay").command, **env)

    def worker(self, queues: str = EVERY_QUEUE, processes: str = "2", **env: str) -> Process:
        """One that serves several queues, where it does not matter whose process runs a job."""
        return self.celery(Worker(f"worker{len(self.started)}", queues, int(processes)), **env)

    def thread_worker(self, queues: str, threads: str = "24", **env: str) -> Process:
        """One process that runs so many jobs at once, of queues that threads may serve."""
        name = f"worker{len(self.started)}"
        return self.celery(Worker(name, queues, int(threads), "threads"), **env)

    def crew(self, app: str = "config", **env: str) -> list[Process]:
        """The workers that `make up` starts; for another Celery application than the shop's with
        children alone, as it is mostly run: its threads would know no time limit.
        """
        crew = WORKERS if app == "config" else map(in_children, WORKERS)
        return [self.celery(worker, app, **env) for worker in crew]

    def celery(self, worker: Worker, app: str = "config", **env: str) -> Process:
        """A worker of any Celery application, as nice as one of this name in `make up`."""
        nice = {"WORKER_NICE": str(NICE.get(worker.name, 0))}
        return self.start(worker.name, worker.command(app, QUIET), **{**nice, **env})

    def beat(self, **env: str) -> Process:
        return self.start("beat", as_in_make_up("beat").command, **env)

    def web(self, application: str = "config.wsgi") -> Process:
        """Not waited for until it answers: see `serve`."""
        web = web_program(int(os.environ["WEB_PORT"]), application)
        return self.start("web", web.command, **web.env)

    def serve(self, application: str = "config.wsgi") -> Process:
        """The web, and everything that it needs: customers are served from here on."""
        web = self.web(application)
        self.wait_until_served()
        return web

    def wait_until_served(self) -> None:
        """Until customers are served (again)."""
        eventually(lambda: self.answers("/readyz").status_code == 200, show=self.logs)

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
        for start in (self.web, self.relay, self.crew, self.beat):
            start()
        self.ready()

    def prepare(self) -> None:
        """What comes before in `make up`: tables and the catalogue."""
        self.run("migrate")
        self.run("seed")

    def run(self, name: str) -> None:
        """A command that ends."""
        command = as_in_make_up(name).command
        subprocess.run(command, check=True, env=os.environ | self.env, cwd=ROOT)  # noqa: S603  ours

    def start(self, name: str, command: Sequence[str], **env: str) -> Process:
        """Start a process; whatever the test does next waits until it is ready."""
        whole = os.environ | self.env | as_deployed(os.environ) | env
        bell = self.scratch / f"{name}-{next(self.numbers)}"
        log = self.scratch / f"{name}.log"
        self.started.append(Started(name, command, env=whole, log=log, bell=bell))
        return self.started[-1].process

    def start_again(self) -> None:
        """What a supervisor does: whatever has died is started again, as it was."""
        for each in self.started:
            if each.is_dead:
                kill_group(each.process)
                each.start()

    def named(self, name: str) -> Process:
        """The first whose name begins so."""
        return next(each.process for each in self.started if each.name.startswith(name))

    def end_one(self, process: Process) -> None:
        """At once, and for good."""
        [found] = [each for each in self.started if each.process is process]
        self.started.remove(found)
        found.end()

    def ready(self) -> None:
        """Wait until everything that was started has said that it is ready."""
        assert all(each.is_ready() for each in self.started), self.logs()

    def end(self) -> None:
        """Kill every process: nothing of this test may touch the next one's rows.

        Others may be started afterwards.
        """
        while self.started:
            self.started.pop().end()

    def logs(self) -> str:
        """The ends of all logs."""
        found = sorted(self.scratch.glob("*.log"))
        return "\n".join(f"{log.name}:\n{last_lines(log)[-3000:]}" for log in found)


def as_in_make_up(name: str) -> Program:
    """One of the programs that `make up` starts, at this run's ports."""
    programs = halyard(read_options(), os.environ).programs
    return next(program for program in programs if program.name == name)
