"""From the tests' events to the tests' tasks."""

from collections.abc import Iterator
from pathlib import Path

from deferral.handlers import JobSpec, handles, job
from tests.probes import long, spoiling, tasks, waiting
from tests.probes.events import Fumbled, Poked

PROBES = (tasks, waiting, spoiling, long)


@handles(Poked)
def run_probe(fact: Poked) -> Iterator[JobSpec]:
    """One job of the task that is named."""
    [task] = {vars(module)[fact.probe] for module in PROBES if fact.probe in vars(module)}
    yield job(task, key=f"{fact.probe}:{fact.name}", name=fact.name)


@handles(Fumbled)
def fumble(fact: Fumbled) -> Iterator[JobSpec]:
    """Raise while the trap is set; otherwise behave."""
    yield job(tasks.behave, key=f"first:{fact.name}", name=f"first-{fact.name}")
    if Path(fact.trap).exists():
        raise RuntimeError("fumbled")
    yield job(tasks.behave, key=f"second:{fact.name}", name=f"second-{fact.name}")
