"""The calendar of all schedules in the admin."""

import re
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format

from deferral.admin.schedules.calendar import Line, calendar_of
from deferral.admin.schedules.happened import ticks_between
from deferral.admin.schedules.squares import DAY, Day, next_month
from deferral.first_page import PAGES, Page
from deferral.models import Job

# So far it can be turned: the ledger remembers three months, and next year is far enough.
BACK, AHEAD = 12, 12
# Of what failed; the list of jobs has all.
MOST_FAILED = 50

PAGE = Page(
    app_label="django_celery_beat",
    name="Calendar",
    url_name="admin:deferral_calendar",
    permission="django_celery_beat.view_periodictask",
)
PAGES.fill(PAGE.url_name, PAGE)


def calendar_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The month that is asked for as `2026-11`, else this one."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    now = datetime.now(UTC)
    month = month_asked(request.GET.get("month", ""), now)
    weeks, lines = calendar_of(month, now)
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": "Calendar",
        "subtitle": date_format(month, "F Y"),
        "opts": model_admin.opts,
        "month": month,
        "turns": turns(month, now),
        "weekdays": [day.date for day in weeks[0]],
        "weeks": weeks,
        "lines": lines,
        "failed": failed(weeks, lines),
        "may_see_jobs": request.user.has_perm("deferral.view_job"),
    }
    return TemplateResponse(request, "admin/deferral/calendar.html", context)


def month_asked(text: str, now: datetime) -> date:
    """Its first day; this month for nonsense, and for what is too far away."""
    this = this_month(now)
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    if found is None:
        return this
    months = 12 * (int(found[1]) - this.year) + int(found[2]) - this.month
    return date(int(found[1]), int(found[2]), 1) if -BACK <= months <= AHEAD else this


def this_month(now: datetime) -> date:
    """In the shop."""
    return timezone.localtime(now, timezone.get_default_timezone()).date().replace(day=1)


def turns(month: date, now: datetime) -> list[tuple[str, str]]:
    """Where the links beside its name lead, and what they say."""
    around = ((month - DAY).replace(day=1), this_month(now), next_month(month))
    return [
        (f"{one:%Y-%m}", date_format(one, "F Y"))
        for one in sorted(set(around) - {month})
        if month_asked(f"{one:%Y-%m}", now) == one
    ]


def failed(weeks: list[list[Day]], lines: list[Line]) -> list[Job]:
    """The dead ticks of these weeks, the latest first."""
    rows = [line.row for line in lines]
    jobs = ticks_between(rows, weeks[0][0].date, weeks[-1][-1].date)
    dead = jobs.filter(state=Job.State.DEAD).only("key", "subject", "cause", "settled_at")
    return list(dead.order_by("-id")[:MOST_FAILED])
