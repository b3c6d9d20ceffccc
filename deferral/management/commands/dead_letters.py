"""`manage.py dead_letters`: what is dead, from a shell: listed, shown, replayed, discarded."""

import getpass
import json
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from deferral.errors import NotReplayable
from deferral.ledger import dead_letters, selectors
from deferral.management.words import word
from deferral.models import Event, Job


class Command(BaseCommand):
    """Lists, shows, replays and discards what is dead."""

    help = "List what is dead, show one, replay (one, all, by cause), or discard with a reason."

    def add_arguments(self, parser: CommandParser) -> None:
        """One verb, and what it applies to."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="dead jobs by task and cause, and dead events")
        show = verbs.add_parser("show", help="everything about one dead job")
        show.add_argument("key", type=word)
        replay = verbs.add_parser("replay", help="make dead jobs or events due again")
        discard = verbs.add_parser("discard", help="give dead jobs or events up")
        discard.add_argument(
            "--reason", type=word, required=True, help="why it may be given up; kept"
        )
        for verb in (replay, discard):
            which = verb.add_mutually_exclusive_group(required=True)
            which.add_argument("--key", type=word, help="one job, by its key")
            which.add_argument("--event", type=int, help="one event, by its id")
            which.add_argument("--cause", type=word, help="every dead job of this cause, as listed")
            which.add_argument("--all", action="store_true", help="every dead job and event")

    def handle(self, *_args: Any, verb: str, **options: Any) -> None:
        """Run one verb. CommandError for rows that are not dead, or without a reason."""
        getattr(self, f"_{verb}")(options)

    def _list(self, _options: dict[str, Any]) -> None:
        if not (
            Job.objects.filter(state="dead").exists() or Event.objects.filter(state="dead").exists()
        ):
            self.stdout.write("No dead letters.")
        for group in selectors.dead_jobs_by_cause():
            self.stdout.write("{count:>6}  {what:<34} {cause}".format(**group))
        for job in Job.objects.filter(state="dead").order_by("id")[:50]:
            self.stdout.write(f"        {job.key}  {job.errors[-1]['message'][:80]}")
        for event in Event.objects.filter(state="dead").order_by("id")[:50]:
            message = event.errors[-1]["message"][:80]
            self.stdout.write(f" event {event.pk}  {event.type} {event.subject}  {message}")

    def _show(self, options: dict[str, Any]) -> None:
        job = Job.objects.filter(key=options["key"]).first()
        if job is None:
            msg = f"There is no job {options['key']}."
            raise CommandError(msg)
        for name in ("key", "task", "subject", "queue", "state", "attempts", "crashes", "losses"):
            self.stdout.write(f"{name:<10} {getattr(job, name)}")
        self.stdout.write(f"kwargs     {json.dumps(job.kwargs)}")
        for error in job.errors:
            self.stdout.write("{at}  {kind}  {class}: {message}\n{traceback}".format(**error))

    def _replay(self, options: dict[str, Any]) -> None:
        jobs, events = _chosen(options)
        by = getpass.getuser()
        count = dead_letters.replay_jobs(jobs, by=by) + dead_letters.replay_events(events, by=by)
        self.stdout.write(f"{count} replayed")

    def _discard(self, options: dict[str, Any]) -> None:
        jobs, events = _chosen(options)
        by, reason = getpass.getuser(), options["reason"]
        try:
            count = dead_letters.discard_jobs(jobs, by=by, reason=reason)
            count += dead_letters.discard_events(events, by=by, reason=reason)
        except NotReplayable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} discarded")


def _chosen(options: dict[str, Any]) -> tuple[Iterable[int], Iterable[int]]:
    jobs, events = Job.objects.filter(state="dead"), Event.objects.filter(state="dead")
    if not options["all"]:
        events = events.filter(pk=options["event"])
        jobs = jobs.filter(Q(key=options["key"]) | Q(cause=options["cause"] or None))
    return jobs.values_list("pk", flat=True), events.values_list("pk", flat=True)
