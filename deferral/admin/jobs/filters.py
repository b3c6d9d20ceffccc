"""Filters whose choices cost one small query, or none, however long the table is."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from deferral.events import EVENTS
from deferral.ledger.selectors import among_long, dead_events_by_cause, dead_jobs_by_cause
from deferral.models import Event, Job
from deferral.registry import TASKS, queues

Choices = list[tuple[str, str]]


class QueueFilter(admin.SimpleListFilter):
    """The queues of the settings."""

    title = parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(name, name) for name in queues()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(queue=self.value()) if self.value() else queryset


class LongFilter(admin.SimpleListFilter):
    """Long jobs that are not over: those under way, and those that somebody paused."""

    title = "long jobs"
    parameter_name = "long"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("open", "under way, or paused"), ("paused", "paused")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        """Of the queues in which long jobs are, so that the index of what is open serves it."""
        if not self.value():
            return queryset
        found = among_long(queryset)
        return found.filter(state="paused") if self.value() == "paused" else found


class TaskFilter(admin.SimpleListFilter):
    """The tasks this code knows."""

    title = parameter_name = "task"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Every task, and one that is asked for although the code has forgotten it."""
        asked = {request.GET["task"]} if request.GET.get("task") else set()
        return [(name, name) for name in sorted(asked.union(TASKS))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(task=self.value()) if self.value() else queryset


class TypeFilter(admin.SimpleListFilter):
    """The types of events this code knows."""

    title = parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Every type, and one that is asked for although the code has forgotten it."""
        asked = {request.GET["type"]} if request.GET.get("type") else set()
        return [(name, name) for name in sorted(asked.union(EVENTS))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(type=self.value()) if self.value() else queryset


class CauseFilter(admin.SimpleListFilter):
    """By what dead rows died of. Offers each cause that some row has, from one index."""

    title = "cause of death"
    parameter_name = "cause"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        groups = dead_jobs_by_cause() if model_admin.model is Job else dead_events_by_cause()
        causes = {group["cause"] for group in groups if group["cause"]}
        return [(cause, cause) for cause in sorted(causes)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The dead of one cause; all of them are gone when their cause is."""
        if not self.value():
            return queryset
        return queryset.filter(state="dead", cause=self.value())
