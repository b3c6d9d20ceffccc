"""Whom a storm kills, and how many jobs are counted as cut off by it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.processes import children
from tests.proofs.chaos.crew import Crew
from tests.rig.processes import Processes
from tests.rig.waiting import eventually

pytestmark = pytest.mark.usefixtures("starts_processes")
SLEEPING = "import time; time.sleep(60)"
FORKING = f"import os; [os.fork() or os.execlp('sleep', 'sleep', '60') for _ in '12']; {SLEEPING}"


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """A worker with two children, and one with threads."""
    found = Processes(scratch=tmp_path)
    forking = found.start("critical", [sys.executable, "-c", FORKING])
    found.start("mail", [sys.executable, "-c", SLEEPING, "-P", "threads", "-c", "24"])
    eventually(lambda: len(children(forking.pid)) == 2)
    yield found
    found.end()


def test_a_child_takes_one_job_with_it_and_a_thread_worker_all_of_its_threads(
    processes: Processes,
) -> None:
    crew, mail = Crew(processes.started), processes.named("mail").pid
    forked = set(children(processes.named("critical").pid))

    first = crew.kill("worker", 0.99)
    deaths = [crew.kill("child", 0.0), crew.kill("child", 0.0)]

    assert first
    assert (first.pids, first.jobs) == ((mail,), 24)
    assert {kill.pids[0] for kill in deaths if kill} <= forked
    assert [(kill.jobs, kill.name) for kill in deaths if kill] == [(1, "critical")] * len(deaths)


def test_nothing_less_than_a_thread_worker_can_be_killed(processes: Processes) -> None:
    forked = set(children(processes.named("critical").pid))

    assert {target.pid for target in Crew(processes.started)._children()} == forked
