"""Two descriptions of the shop, `make up`'s and the composition's: they cannot drift apart."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings

from config import budget
from launcher.options import PORTS, Options
from launcher.program import Program
from launcher.stack import halyard
from launcher.workers import WORKERS, Worker
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


@pytest.mark.parametrize("worker", WORKERS, ids=lambda worker: worker.name)
def test_a_worker_is_started_with_the_same_words_everywhere(worker: Worker) -> None:
    assert services()[worker.name]["command"] == ["python", *worker.command()[1:]]
    assert on_the_laptop()[worker.name].command == worker.command()


def test_every_queue_has_one_worker_and_threads_serve_only_what_may_run_in_them() -> None:
    served = [(queue, each.pool) for each in WORKERS for queue in each.queues.split(",")]
    threaded = {queue for queue, pool in served if pool == "threads"}

    assert [queue for queue, _ in served] == settings.DEFERRAL_QUEUES
    assert threaded == set(settings.DEFERRAL_THREAD_QUEUES)


def test_the_budget_counts_each_worker_by_its_own_number() -> None:
    told = services()["migrate"]["environment"]

    assert [role.name for role in budget.workers()] == [worker.name for worker in WORKERS]
    for worker in WORKERS:
        unit = "THREADS" if worker.pool == "threads" else "PROCESSES"
        assert told[f"{worker.name.upper()}_{unit}"] == str(worker.size)
        replicas = services()[worker.name]["deploy"]["replicas"]
        assert told[f"{worker.name.upper()}_REPLICAS"] == str(replicas)
