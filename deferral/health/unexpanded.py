"""What happened and is not turned into jobs: how much, and how old. Nobody hears of it."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F, Max, QuerySet
from django.db.models.functions import Now

from deferral.enqueueing import JobAskedFor, understood
from deferral.health.findings import Finding, health_check, in_seconds
from deferral.models import Event

# An event becomes jobs within a second, where a relay is well.
EVENTS_LATE = timedelta(seconds=30)


@health_check
def check_events() -> Iterable[Finding]:
    """What happened and is not turned into jobs: nobody hears of it."""
    due = Event.objects.filter(state=Event.State.PENDING, next_at__lte=Now())
    oldest = _oldest(due)
    detail = f"{due.count()} wait for a relay" + (
        f", oldest {in_seconds(oldest)}" if oldest else ""
    )
    yield Finding(name="events", well=not oldest or oldest < EVENTS_LATE, detail=detail)
    for kind, task in due.exclude(understood()).order_by().values_list("type", "payload__task")[:5]:
        what = f"{kind} of {task}" if kind == JobAskedFor.type else kind
        yield Finding(name=f"event {what}", well=False, detail="no code for it here")


def _oldest(due: QuerySet[Event]) -> timedelta | None:
    found: timedelta | None = due.aggregate(age=Max(Now() - F("next_at")))["age"]
    return found
