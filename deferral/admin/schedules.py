"""Schedules: what beat writes into the ledger, and when. To be edited by staff.

A tick becomes a job, so only a task's name, its arguments and its times count: the rest of what
django-celery-beat offers (queues, priorities, expiry) would do nothing, and is not shown.
"""

import json
from datetime import UTC, datetime
from typing import Any

from celery.schedules import ParseException
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, PeriodicTask, SolarSchedule

from deferral.guarded import Guarded
from deferral.registry import TASKS
from deferral.schedules import write_tick

admin.site.unregister((PeriodicTask, CrontabSchedule, ClockedSchedule, SolarSchedule))


def schedulable_tasks() -> list[tuple[str, str]]:
    """Every task a schedule may name: who edits schedules must not refund money by one."""
    return [(name, name) for name, spec in sorted(TASKS.items()) if spec.schedulable]


class ScheduleForm(forms.ModelForm[Any]):
    """Refuses a task that is unknown or not made for schedules, and arguments it does not take."""

    task = forms.ChoiceField(choices=schedulable_tasks)

    class Meta:
        model = PeriodicTask
        fields = ()

    def clean_kwargs(self) -> str:
        """A JSON object."""
        try:
            kwargs = json.loads(self.cleaned_data["kwargs"] or "{}")
        except ValueError as error:
            msg = f"This is not JSON: {error}."
            raise forms.ValidationError(msg) from error
        if not isinstance(kwargs, dict):
            raise forms.ValidationError('Arguments are named: {"order_id": 17}.')
        return json.dumps(kwargs)

    def clean(self) -> dict[str, Any]:
        """The task takes these arguments."""
        data: dict[str, Any] = super().clean() or {}
        spec = TASKS.get(data.get("task", ""))
        if spec and "kwargs" in data and not spec.accepts(json.loads(data["kwargs"])):
            self.add_error("kwargs", f"{spec.name} cannot be called with these.")
        return data


@admin.register(PeriodicTask)
class ScheduleAdmin(Guarded[Any], PeriodicTaskAdmin):  # type: ignore[misc]  # the package has no types
    """Beat reads a change within seconds."""

    form = ScheduleForm
    change_form_template = None
    date_hierarchy = None
    actions = ("enable_tasks", "disable_tasks", "run_now")
    list_display = ("name", "task", "enabled", "scheduler", "last_run_at")
    list_filter = ("enabled",)
    fieldsets = (
        (None, {"fields": ("name", "task", "kwargs", "enabled", "description")}),
        ("When", {"fields": ("interval", "crontab", "start_time", "one_off", "last_run_at")}),
    )
    readonly_fields = ("last_run_at",)

    @admin.action(description="Run selected schedules now", permissions=["change"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """One tick more, as a job: only the relay hands anything to Celery."""
        due = datetime.now(UTC)
        written = [
            write_tick(name=row.name, task=row.task, kwargs=json.loads(row.kwargs or "{}"), due=due)
            for row in queryset
        ]
        level = messages.SUCCESS if all(written) else messages.WARNING
        refused = len(written) - sum(written)
        said = f" {refused} name a task that no schedule may run." if refused else ""
        self.message_user(request, f"{sum(written)} will run now.{said}", level)


@admin.register(CrontabSchedule)
class CrontabAdmin(Guarded[Any]):
    """Times of the clock. What cannot be read as such has no words yet: the form says why."""

    list_display = ("__str__", "in_words")
    readonly_fields = ("in_words",)
    fields = (
        "in_words",
        "minute",
        "hour",
        "day_of_month",
        "month_of_year",
        "day_of_week",
        "timezone",
    )

    @admin.display(description="in words")
    def in_words(self, crontab: CrontabSchedule) -> str:
        """The package's own, which stumbles over half a crontab."""
        try:
            return str(crontab.human_readable)
        except (ParseException, ValueError):
            return "-"
