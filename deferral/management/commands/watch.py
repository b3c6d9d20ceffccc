"""`manage.py watch`."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from deferral import selectors
from deferral.management.words import word
from deferral.models import Event, Job

MARKS = {"done": "✓", "dead": "✗", "running": "▸", "pending": "·", "waiting": "…"}


class Command(BaseCommand):
    """The timeline of one order, live."""

    help = "Show what happens to an order (H-10482), until everything about it is settled."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to watch."""
        parser.add_argument(
            "subject", type=word, help="an order's number, or any subject as kind:name"
        )
        parser.add_argument("--once", action="store_true", help="show it as it is, and leave")

    def handle(self, *_args: Any, subject: str, once: bool, **_options: Any) -> None:
        """A line for each change; ends when nothing is open."""
        subject = subject if ":" in subject else f"order:{subject}"
        if not Event.objects.filter(subject=subject).exists():
            msg = f"Nothing is known of {subject}. An order's number stands on its page."
            raise CommandError(msg)
        shown: dict[int, str] = {}
        while True:
            # Asked first: what becomes jobs between the two questions is seen in the next round.
            expanded = "pending" not in selectors.events_open(subject)
            jobs = list(selectors.jobs_of(subject))
            for job in jobs:
                line = describe(job)
                if shown.get(job.pk) != line:
                    shown[job.pk] = line
                    self.stdout.write(line)
            if once or (expanded and all(_is_over(job) for job in jobs)):
                return
            time.sleep(0.2)


def _is_over(job: Job) -> bool:
    return job.state in {*Job.SETTLED, Job.State.DEAD}


def describe(job: Job) -> str:
    """One line: when, mark, task, key, state, tries and crashes, and what went wrong last."""
    at = job.settled_at or job.started_at or job.created_at
    when = timezone.localtime(at).strftime("%H:%M:%S")
    mark = MARKS.get(job.state, "-")
    last = f"  {job.errors[-1]['message'][:60]}" if job.errors and not _is_over(job) else ""
    counts = {"try": job.attempts, "crash": job.crashes, "loss": job.losses}
    tries = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    return f"{when} {mark} {job.task:<34} {job.key:<34} {job.state:<9} {tries:<6}{last}".rstrip()
