"""`manage.py events`: who reacts to what, as a text that a test compares."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from deferral.events import EVENTS
from deferral.registry import HANDLERS, TASKS


class Command(BaseCommand):
    """Prints what reacts to what, and every task's policy."""

    help = "Print every event with its handlers, and every task with its queue and policy."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Equal to the checked-in snapshot, which a test compares."""
        for line in (*event_lines(), "", *task_lines()):
            self.stdout.write(line)


def event_lines() -> Iterator[str]:
    """Each event, and below it who reacts."""
    for name in sorted(EVENTS):
        yield f"{name} v{EVENTS[name].schema_version}"
        for handler in sorted(HANDLERS.get(name, []), key=lambda found: found.__module__):
            yield f"    -> {handler.__module__}.{handler.__name__}"


def task_lines() -> Iterator[str]:
    """Each task: queue, tries, and how long one may run."""
    for name, spec in sorted(TASKS.items()):
        limit = "from one checkpoint to the next" if spec.long else "each"
        policy = f"{spec.queue}, {spec.retry.attempts} tries, {spec.time_limit} s {limit}"
        yield f"{name:<34} {policy}"
