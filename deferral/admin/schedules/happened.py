"""What became of the ticks of schedules, by day, as the ledger has it: for 90 days."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from deferral.models import Job, Schedule

UNDER_WAY = (Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED, Job.State.WAITING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Ticks: what a person gave up has not failed any more, and was not done."""

    done: int = 0
    failed: int = 0
    under_way: int = 0

    @classmethod
    def of(cls, states: Mapping[str, int]) -> "Counts":
        """From how many jobs are in each state."""
        return cls(
            done=states.get(Job.State.DONE, 0),
            failed=states.get(Job.State.DEAD, 0),
            under_way=sum(states.get(state, 0) for state in UNDER_WAY),
        )

    @property
    def words(self) -> str:
        """`28 done, 1 failed`; empty for none."""
        parts = ((self.done, "done"), (self.failed, "failed"), (self.under_way, "under way"))
        return ", ".join(f"{count:,} {word}" for count, word in parts if count)

    @property
    def tone(self) -> str:
        """Of all of them: what failed before what is under way."""
        return "bad" if self.failed else "busy" if self.under_way else "good"


Happened = Mapping[tuple[str, date], Counts]


def subject_of(row: Schedule) -> str:
    """What the ledger calls its ticks."""
    return f"schedule:{row.form.name}"[:100]


def beginning(day: date) -> datetime:
    """Its first moment in the shop."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())


def ticks_between(rows: Sequence[Schedule], first: date, last: date) -> QuerySet[Job]:
    """Their jobs that were written on these days, both included."""
    return Job.objects.filter(
        subject__in=[subject_of(row) for row in rows],
        created_at__gte=beginning(first),
        created_at__lt=beginning(last + timedelta(days=1)),
    )


def happened(jobs: QuerySet[Job]) -> Happened:
    """By subject, and by day in the shop. One query."""
    day = TruncDate("created_at", tzinfo=timezone.get_default_timezone())
    rows = jobs.annotate(day=day).order_by().values("subject", "day", "state")
    found: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for one in rows.annotate(count=Count("pk")):
        found[one["subject"], one["day"]][one["state"]] += one["count"]
    return {key: Counts.of(states) for key, states in found.items()}


def together(many: Iterable[Counts]) -> Counts:
    """The sum."""
    all_ = list(many)
    return Counts(
        done=sum(one.done for one in all_),
        failed=sum(one.failed for one in all_),
        under_way=sum(one.under_way for one in all_),
    )
