"""Times that schedules share, edited on pages of their own: lengths of time, and of the clock."""

from typing import Any

from celery.schedules import ParseException
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from deferral.admin.schedules.forms import CrontabForm, IntervalForm
from deferral.guarded import Guarded

admin.site.unregister((IntervalSchedule, CrontabSchedule))


class Times(Guarded[Any]):
    """Times that schedules share: an edit of theirs is one of each of those."""

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """They count from now, also when no beat looks on."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            obj.periodictask_set.update(date_changed=timezone.now())


@admin.register(IntervalSchedule)
class IntervalAdmin(Times):
    """Lengths of time, from a second on."""

    form = IntervalForm


@admin.register(CrontabSchedule)
class CrontabAdmin(Times):
    """Times of the clock. What cannot be read as such has no words yet: the form says why."""

    form = CrontabForm
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
