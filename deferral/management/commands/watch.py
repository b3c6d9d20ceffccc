"""`manage.py watch`: one order's timeline, live. Changes nothing."""

import time
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from deferral.admin.kit.formatting import GAP, span
from deferral.ledger import selectors
from deferral.management.words import word
from deferral.models import Event, Job

MARKS = {"done": "✓", "dead": "✗", "running": "▸", "pending": "·", "waiting": "…", "paused": "‖"}
# A shorter wait is over before it is read.
WORTH_SAYING = timedelta(seconds=1)


class Command(BaseCommand):
    """The timeline of one order, live."""

    help = "Show what happens to an order (H-10482), until everything about it is settled."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "subject", type=word, help="an order's number, or any subject as kind:name"
        )
        parser.add_argument("--once", action="store_true", help="show it as it is, and leave")

    def handle(self, *_args: Any, subject: str, once: bool, **_options: Any) -> None:
        """A line for each change, by its time; ends when nothing is open."""
        subject = subject if ":" in subject else f"order:{subject}"
        if not Event.objects.filter(subject=subject).exists():
            msg = f"Nothing is known of {subject}. An order's number stands on its page."
            raise CommandError(msg)
        shown: dict[int, Hashable] = {}
        while True:
            jobs, events = selectors.one_look(selectors.jobs_of(subject), subject)
            now = {job.pk: news(job) for job in jobs}
            for job in sorted(jobs, key=moment):
                if shown.get(job.pk) != now[job.pk]:
                    self.stdout.write(describe(job))
            shown = now
            if once or ("pending" not in events and all(map(_is_over, jobs))):
                return
            time.sleep(0.2)


def _is_over(job: Job) -> bool:
    return job.state in {*Job.SETTLED, Job.State.DEAD}


def news(job: Job) -> Hashable:
    """What a new line is worth, not how long it is still to wait."""
    return job.state, job.attempts, job.crashes, job.losses, job.next_at


def moment(job: Job) -> datetime:
    """The last that happened to it: decided, begun, failed or settled."""
    failed = parse_datetime(job.errors[-1].get("at", "")) if job.errors else None
    return max(filter(None, (job.created_at, job.started_at, failed, job.settled_at)))


def describe(job: Job) -> str:
    """One line: when, mark, task, key, state, tries and crashes, until when, what went wrong."""
    mark = MARKS.get(job.state, "-")
    last = f"  {job.errors[-1]['message'][:60]}" if job.errors and not _is_over(job) else ""
    counts = {"try": job.attempts, "crash": job.crashes, "loss": job.losses}
    tries = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    line = f"{clock(moment(job))} {mark} {job.task:<34} {job.key:<34} {job.state:<9} {tries:<6}"
    return f"{line}{until(job)}{last}".rstrip()


def until(job: Job) -> str:
    """`  again at 14:03:12 (in 12 s)`; nothing of what does not wait for a moment."""
    left = job.next_at - timezone.now()
    if job.state != Job.State.PENDING or left < WORTH_SAYING:
        return ""
    again = "again at" if job.attempts or job.snoozes else "at"
    return f"  {again} {clock(job.next_at)} (in {span(left).replace(GAP, ' ')})"


def clock(at: datetime) -> str:
    """`14:02:09`, in the time zone of the settings."""
    return f"{timezone.localtime(at):%H:%M:%S}"
