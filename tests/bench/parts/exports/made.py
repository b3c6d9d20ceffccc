"""One export by a worker of its own: seconds, CPU, and memory above the idle child's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deferral.models import Job
from launcher.servers.process import Process
from launcher.workers import Worker
from reports.models import Export
from tests.bench.processes import children, cpu_seconds
from tests.bench.stage import Stage
from tests.reports.exports.exporting import ask
from tests.rig.stand_alone import Servers
from tests.rig.waiting import eventually

BULK = Worker("bulk", "bulk", 1)
PATIENCE = 1_800.0


@dataclass(frozen=True, kw_only=True)
class Made:
    """What it took. `cpu` is the worker's, `database` PostgreSQL's, in seconds; `memory` MB."""

    export: Export
    seconds: float
    cpu: float
    database: float
    memory: float

    @property
    def rate(self) -> float:
        """Rows a second, from the first step to the last."""
        return (self.export.rows or 0) / self.seconds


class Maker:
    """Makes exports in a shop that does nothing else."""

    def __init__(self, stage: Stage, servers: Servers, clerk: Any) -> None:
        self.stage, self.servers, self.clerk = stage, servers, clerk

    def make(self, format_: str, columns: Sequence[str]) -> Made:
        """By a worker that has done nothing yet, and is as nice as psql."""
        worker = self.stage.celery(BULK, WORKER_NICE="0")
        self.stage.ready()
        child = child_of(worker)
        idle, spent = memory(child, "VmRSS"), self._spent(child)
        export = asked_anew(self.clerk, format_, columns)
        job = finished(self.stage, export)
        cpu, database = (now - then for now, then in zip(self._spent(child), spent, strict=True))
        peak = memory(child, "VmHWM")
        self.stage.end_one(worker)
        export.refresh_from_db()
        assert job.settled_at
        began = job.steps.earliest("started_at").started_at
        return Made(
            export=export,
            seconds=(job.settled_at - began).total_seconds(),
            cpu=cpu,
            database=database,
            memory=peak - idle,
        )

    def _spent(self, child: int) -> tuple[float, float]:
        return cpu_seconds(child), cpu_seconds(self.servers.postgres.pid)


def child_of(worker: Process) -> int:
    """The one that works."""
    eventually(lambda: bool(children(worker.pid)))
    [child] = children(worker.pid)
    return child


def asked_anew(clerk: Any, format_: str, columns: Sequence[str]) -> Export:
    """Also where the same was asked for a moment ago."""
    Export.objects.update(fingerprint="")
    return ask(clerk, format=format_, columns=columns)


def finished(stage: Stage, export: Export) -> Job:
    """Wait for it. What does not end well ends the benchmark."""
    over = Job.objects.filter(key=export.key, settled_at__isnull=False)
    eventually(over.exists, patience=PATIENCE, show=stage.logs)
    job = over.get()
    assert job.state == Job.State.DONE, job.errors
    return job


def memory(pid: int, what: str) -> float:
    """Of one process, in MB: what it has (VmRSS), or had at most (VmHWM)."""
    found = re.search(rf"^{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    assert found
    return int(found[1]) * 1024 / 1e6
