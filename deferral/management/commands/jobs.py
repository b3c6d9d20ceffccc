"""`manage.py jobs`: long jobs from a shell: listed, shown, followed, paused, resumed, cancelled."""

import getpass
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deferral.errors import NotAllowed
from deferral.ledger import control, selectors
from deferral.ledger.progress import JobProgress, StepProgress, progress_of
from deferral.ledger.why import why_it_waits
from deferral.management.words import word
from deferral.models import Job

VERBS: dict[str, tuple[Callable[..., None], str]] = {
    "pause": (control.pause_job, "stop at the next checkpoint, until resumed"),
    "resume": (control.resume_job, "go on from the last checkpoint"),
    "cancel": (control.cancel_job, "stop for good; what was done stays"),
}
# Seconds between two lines of `show --follow`.
EVERY = 1.0


class Command(BaseCommand):
    """Lists long jobs, shows any job, and stops long ones for a while or for good."""

    help = "List long jobs under way; show one, and why it waits; pause, resume or cancel one."

    def add_arguments(self, parser: CommandParser) -> None:
        """One verb, and the key of a job."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="long jobs that run, wait or are paused")
        show = verbs.add_parser("show", help="one job: its steps, and why it waits")
        show.add_argument("key", type=word)
        show.add_argument("--follow", action="store_true", help="again each second, until it ends")
        for name, (_, told) in VERBS.items():
            verb = verbs.add_parser(name, help=told)
            verb.add_argument("key", type=word)
            verb.add_argument(
                "--reason", type=word, required=name == "cancel", default="", help="why; kept"
            )

    def handle(self, *_args: Any, verb: str, **options: Any) -> None:
        """Run one verb. CommandError where there is no such job, or it cannot be done."""
        if verb in VERBS:
            self._control(verb, options)
        else:
            getattr(self, f"_{verb}")(options)

    def _list(self, _options: dict[str, Any]) -> None:
        rows = list(selectors.among_long(Job.objects.order_by("id")).prefetch_related("steps"))
        if not rows:
            self.stdout.write("No long job runs, waits or is paused.")
        for job in rows:
            self.stdout.write(f"{job.state:<8} {job.key:<40} {summary(progress_of(job))}")

    def _show(self, options: dict[str, Any]) -> None:
        job = found(options["key"])
        self._show_once(job)
        while options["follow"] and job.state not in {*Job.SETTLED, Job.State.DEAD}:
            time.sleep(EVERY)
            job = found(options["key"])
            self.stdout.write(f"{job.state:<8} {summary(progress_of(job))}")

    def _show_once(self, job: Job) -> None:
        for name in ("key", "task", "queue", "state", "attempts"):
            self.stdout.write(f"{name:<10} {getattr(job, name)}")
        for one in progress_of(job).steps:
            self.stdout.write(f"{'step':<10} {described(one)}")
        if why := why_it_waits(job):
            self.stdout.write(f"{'waits':<10} {why}")
        for note in job.interventions.order_by("id"):
            self.stdout.write(f"{note.at:%Y-%m-%d %H:%M}  {note}: {note.reason or 'no reason'}")

    def _control(self, verb: str, options: dict[str, Any]) -> None:
        job = found(options["key"])
        try:
            VERBS[verb][0](job_id=job.pk, by=getpass.getuser(), reason=options["reason"])
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        job.refresh_from_db()
        later = f", to {job.asked} at its next checkpoint" if job.asked else ""
        self.stdout.write(f"{job.key}: {job.state}{later}")


def found(key: str) -> Job:
    """The job of this key. CommandError."""
    job = Job.objects.filter(key=key).first()
    if job is None:
        msg = f"There is no job {key}."
        raise CommandError(msg)
    return job


def summary(progress: JobProgress) -> str:
    """The step that is under way, in a line."""
    return described(progress.current) if progress.current else ""


def described(step: StepProgress) -> str:
    """`rows: 400 of 1000 rows, 40 %, 0:00:30 left`."""
    if step.took is not None:
        return f"{step.name}: done in {_short(step.took)}"
    of = "" if step.total is None else f" of {step.total}"
    share = "" if step.share is None else f", {step.share:.0%}"
    left = "" if step.left is None else f", {_short(step.left)} left"
    return f"{step.name}: {step.done}{of} {step.unit}".rstrip() + share + left


def _short(time_: timedelta) -> timedelta:
    return timedelta(seconds=round(time_.total_seconds()))
