"""Two descriptions of the shop, `make up`'s and the composition's: they cannot drift apart."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings

from config.budget import DEFAULT_PROCESSES
from launcher.options import PORTS, Options
from launcher.program import Program
from launcher.stack import halyard
from launcher.workers import OPTIONS, WORKERS
from tests.deploy.composed import services

# Where the two descriptions may differ: places, files, and the number that is a variable.
THEIR_OWN = re.compile(r" (-b \S+|--workers \d+|--(port|address|db|conf|verbosity)=\S+)")


def on_the_laptop() -> dict[str, Program]:
    options = Options(Path("/data"), PORTS)
    return {program.name: program for program in halyard(options, {}).programs}


def words(command: Sequence[str]) -> list[str]:
    """All but the interpreter and what is each one's own, in any order."""
    return sorted(THEIR_OWN.sub("", " ".join(command[1:])).split())


@pytest.mark.parametrize("name", ["web", "relay", "beat", "flower", "migrate", "seed"])
def test_a_container_runs_what_the_laptop_runs(name: str) -> None:
    assert words(on_the_laptop()[name].command) == words(services()[name]["command"])


def test_the_queues_and_their_workers_are_the_same_everywhere() -> None:
    on_laptop = [queue for worker in WORKERS for queue in worker.queues.split(",")]

    assert on_laptop == settings.DEFERRAL_QUEUES
    for queue in settings.DEFERRAL_QUEUES:
        command = services()[queue]["command"]
        count = str(DEFAULT_PROCESSES.get(queue, 1))
        expected = ["python", "-m", "celery", "-A", "config", "worker", "-n", f"{queue}@%h"]
        assert command == [*expected, "-Q", queue, "-c", count, *OPTIONS]
    for worker in WORKERS:
        assert worker.name != worker.queues or DEFAULT_PROCESSES[worker.name] == worker.size


def test_the_budget_is_told_every_number() -> None:
    told = services()["migrate"]["environment"]

    for queue in settings.DEFERRAL_QUEUES:
        assert told[f"{queue.upper()}_PROCESSES"] == services()[queue]["command"][11]
        assert told[f"{queue.upper()}_REPLICAS"] == str(services()[queue]["deploy"]["replicas"])
