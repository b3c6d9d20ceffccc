"""Everything that `make up` runs, with the options it has there, on the benchmark's own servers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from launcher.memory import memory_of
from launcher.options import read_options
from launcher.servers.process import Process, kill_group, spawn
from launcher.stack import halyard
from tests.bench.runs import Roles, roles_of
from tests.bench.stage import Stage, staged
from tests.rig.processes import as_in_make_up
from tests.rig.stand_alone import Servers
from tests.rig.surroundings import ROOT
from tests.rig.waiting import eventually

PROFILE = "article"
ALONE = ("web", "relay", "beat")


@dataclass(frozen=True)
class WholeShop:
    """The processes, by role. A worker that was started again is another process."""

    stage: Stage
    servers: Servers
    flower: Process

    @property
    def roles(self) -> Roles:
        """Whose CPU an order costs. The external services are not the shop's."""
        alone = {role: [self.stage.named(role)] for role in ALONE}
        rest = [each.process for each in self.stage.started if each.name not in ALONE]
        return {**alone, "worker": rest, "Flower": [self.flower], **roles_of(self.servers)}

    def memory(self) -> dict[str, float]:
        """MB by process, with its children. A page that several share counts once (PSS)."""
        named = {each.name: each.process for each in self.stage.started}
        servers = {"PostgreSQL": self.servers.postgres, "broker": self.servers.valkey}
        others = {"Flower": self.flower, "sandbox": self.stage.sandbox.process}
        return {name: megabytes(one) for name, one in {**named, **servers, **others}.items()}

    def megabytes(self) -> float:
        """Of everything together."""
        return sum(self.memory().values())


@contextmanager
def whole_shop(servers: Servers) -> Iterator[WholeShop]:
    """Started and ready, with external services that take the article's time."""
    with staged(servers, profile=PROFILE) as stage, flower(stage) as monitor:
        stage.serve()
        stage.relay()
        start_workers(stage)
        stage.beat()
        stage.ready()
        yield WholeShop(stage, servers, monitor)


def start_workers(stage: Stage) -> None:
    """With the events that Flower reads, and the logs, which plain `Stage.crew` leaves out."""
    for program in halyard(read_options(), os.environ).programs:
        if "worker" in program.command:
            stage.start(program.name, program.command, **program.env)


@contextmanager
def flower(stage: Stage) -> Iterator[Process]:
    """It does not tell anybody that it is ready: it is asked, as in `make up`."""
    program = as_in_make_up("flower")
    env = os.environ | program.env | {"FLOWER_BASIC_AUTH": "bench:only for the benchmark"}
    process = spawn(program.command, log=stage.scratch / "flower.log", env=env, cwd=ROOT)
    try:
        assert program.probe
        eventually(program.probe.ready, show=stage.logs)
        yield process
    finally:
        kill_group(process)
        process.wait()


def megabytes(process: Process) -> float:
    """Of a process and its children, in MB (10^6 bytes)."""
    found = memory_of(process.pid).pss
    assert found is not None, "the kernel does not say what is shared (smaps_rollup)"
    return found / 1e6
