"""Looking at the ledger: what is done about a subject, what is long, what is dead and of what."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.fields.json import KT

from deferral.models import Event, Job
from deferral.registry import TASKS, long_tasks


def jobs_of(subject: str) -> QuerySet[Job]:
    """Everything done about one subject, in the order in which it was decided."""
    return Job.objects.filter(subject=subject).order_by("id")


def among_long(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Those of the jobs that are long and live: they run, will run, or are paused.

    Served by the index of what is open, however many are over.
    """
    names = long_tasks()
    return jobs.filter(
        state__in=["pending", "running", "paused"],
        queue__in={TASKS[name].queue for name in names},
        task__in=names,
    )


def with_failure_kind(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """The jobs, each with the `failure_kind` of its last error, without the errors themselves."""
    return jobs.annotate(failure_kind=KT("errors__-1__failure_kind"))  # type: ignore[no-redef]  # its default


def one_look(jobs: QuerySet[Job], subject: str) -> tuple[list[Job], set[str]]:
    """The subject's jobs, and the states of its events that are no jobs yet: pending, dead or none.

    Both as they were at one moment. Read one after the other they may show neither an event nor
    the jobs that were made of it meanwhile, and so an end that is none.
    """
    opened = Event.objects.filter(subject=subject, state__in=("pending", "dead"))
    before = set(opened.values_list("state", flat=True))
    states = ArraySubquery(opened.order_by().values("state").distinct())
    found = list(jobs.annotate(open_events=states))  # type: ignore[no-redef]  # its default
    return found, set(found[0].open_events) if found else before


def dead_jobs_by_cause() -> QuerySet[Job, Any]:
    """By task and cause, most first; `last_id` is one to look at. From one index, of the dead."""
    found: QuerySet[Job, Any] = (
        Job.objects.filter(state="dead")
        .values("cause", what=F("task"))
        .annotate(
            count=Count("id"), first=Min("settled_at"), last=Max("settled_at"), last_id=Max("id")
        )
        .order_by("-count", "what", "cause")
    )
    return found


def dead_events_by_cause() -> QuerySet[Event, Any]:
    """By type and cause, most first."""
    found: QuerySet[Event, Any] = (
        Event.objects.filter(state="dead")
        .values("cause", what=F("type"))
        .annotate(
            count=Count("id"), first=Min("created_at"), last=Max("created_at"), last_id=Max("id")
        )
        .order_by("-count", "what", "cause")
    )
    return found
