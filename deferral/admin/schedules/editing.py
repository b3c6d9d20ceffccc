"""Schedules: what beat writes into the ledger, and when. To be edited by staff.

A tick becomes a job, so only a task's name, its arguments and its times count: the rest of what
django-celery-beat offers (queues, priorities, expiry) would do nothing, and is not shown.
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import (
    ClockedSchedule,
    PeriodicTask,
    SolarSchedule,
)

from deferral.admin.kit import formatting
from deferral.admin.kit.typing_in import TYPED
from deferral.admin.schedules.calendar_page import calendar_page
from deferral.admin.schedules.forms import ScheduleForm
from deferral.errors import Unreadable
from deferral.guarded import Guarded
from deferral.interventions import note
from deferral.models import Intervention, Schedule
from deferral.schedules.reckoning import Reckoning, arguments_of, reckon
from deferral.schedules.ticking import tick_key, write_tick

UNREGISTERED = (PeriodicTask, ClockedSchedule, SolarSchedule)
admin.site.unregister(UNREGISTERED)


@admin.register(PeriodicTask)
class ScheduleAdmin(Guarded[Any], PeriodicTaskAdmin):  # type: ignore[misc]  # the package has no types
    """Beat reads a change within seconds."""

    form = ScheduleForm
    change_form_template = None
    formfield_overrides = TYPED
    date_hierarchy = None
    actions = ("enable_tasks", "disable_tasks", "run_now")
    list_display = ("name", "task", "enabled", "scheduler", "next_one", "missed", "last_run_at")
    list_filter = ("enabled",)
    fieldsets = (
        (None, {"fields": ("name", "task", "kwargs", "enabled", "description")}),
        ("When", {"fields": ("interval", "crontab", "start_time", "one_off", "missed_runs")}),
        (None, {"fields": ("last_run_at", "next_one")}),
    )
    readonly_fields = ("last_run_at", "next_one")

    def get_urls(self) -> list[URLPattern]:
        """With the calendar of all."""
        calendar = self.admin_site.admin_view(self.calendar)
        return [path("calendar/", calendar, name="deferral_calendar"), *super().get_urls()]

    def calendar(self, request: HttpRequest) -> HttpResponse:
        """What ran, what is next, what failed, in a month."""
        return calendar_page(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what beat remembers of each."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("kept")

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """What becomes of missed runs, and the row: beat locks them in that order."""
        policy = {"missed": form.cleaned_data["missed_runs"]}
        Schedule.objects.filter(form=obj.pk).update(**policy)
        super().save_model(request, obj, form, change)
        Schedule.objects.get_or_create(form=obj, defaults=policy)

    @admin.display(description="missed runs")
    def missed(self, row: PeriodicTask) -> str:
        """Made up for once, each, or skipped."""
        return kept(row).missed

    @admin.display(description="next run")
    def next_one(self, row: PeriodicTask) -> str:
        """When it comes, or why it never does."""
        if row.pk is None or not row.enabled:
            return formatting.NOTHING
        found = status_of(row)
        if found.wrong or found.coming is None:
            return found.wrong or formatting.NOTHING
        return f"{timezone.localtime(found.coming):%Y-%m-%d %H:%M:%S}"

    @admin.action(description="Enable selected schedules", permissions=["change"])
    def enable_tasks(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """From now on. What can never run stays off."""
        never = [row.pk for row in queryset if never_comes(row)]
        count = queryset.exclude(pk__in=never).update(enabled=True, date_changed=timezone.now())
        said = f" {len(never)} would never come." if never else ""
        self.message_user(request, f"{count} enabled.{said}")

    @admin.action(description="Run selected schedules now", permissions=["change"])
    @transaction.atomic
    def run_now(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """One tick more, as a job: only the relay hands anything to Celery."""
        due = datetime.now(UTC)
        written = [self._run(request, row, due) for row in queryset]
        level = messages.SUCCESS if all(written) else messages.WARNING
        refused = len(written) - sum(written)
        said = f" {refused} name a task that no schedule may run." if refused else ""
        self.message_user(request, f"{sum(written)} will run now.{said}", level)

    def _run(self, request: HttpRequest, row: PeriodicTask, due: datetime) -> bool:
        """Write a tick, and who had it run. False for a task that no schedule may run."""
        try:
            kwargs = arguments_of(row)
        except Unreadable:
            return False
        if not write_tick(name=row.name, task=row.task, kwargs=kwargs, due=due):
            return False
        self.log_change(request, row, "Run now.")
        note(
            by=request.user.get_username(),
            told="",
            about=tick_key(row.name, due),
            subject=f"schedule:{row.name}",
            action=Intervention.Action.RUN,
        )
        return True


def kept(row: PeriodicTask) -> Schedule:
    """What beat remembers of it; of a new one, nothing yet."""
    return getattr(row, "kept", None) or Schedule(form=row)


def status_of(row: PeriodicTask) -> Reckoning:
    """When it comes, or why it never does, as beat would reckon it now."""
    return reckon(kept(row), timezone.now())


def never_comes(row: PeriodicTask) -> bool:
    """Whether beat would find nothing to do for it, were it on."""
    row.enabled = True
    return bool(status_of(row).wrong)
