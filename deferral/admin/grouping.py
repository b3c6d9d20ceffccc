"""Dead rows by what they are and what they died of, each group with one of its messages."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from deferral.models import Event, Job

MESSAGE = KeyTextTransform("message", KeyTransform("-1", "errors"))


def dead_jobs_by_cause() -> Iterable[Any]:
    """By task and class of the last error, whatever the way they died, most first."""
    return _by_cause(Job.objects.all(), "task", "settled_at")


def dead_events_by_cause() -> Iterable[Any]:
    """By type and class of the handler's last error, most first."""
    return _by_cause(Event.objects.all(), "type", "created_at")


def _by_cause(rows: QuerySet[Any], name: str, moment: str) -> Iterable[Any]:
    found: QuerySet[Any, Any] = (
        rows.filter(state="dead")
        .values(what=F(name), cause=F("errors__-1__class"))
        .annotate(count=Count("id"), first=Min(moment), last=Max(moment), example=Max(MESSAGE))
        .order_by("-count", "what")
    )
    return found
