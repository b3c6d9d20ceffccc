"""Dead letters by task and cause: a hundred of one cause are one decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from deferral.admin.grouping import dead_events_by_cause, dead_jobs_by_cause
from deferral.admin.settling import DeadLetters
from deferral.models import Job

JOBS = "admin:deferral_job_changelist"
EVENTS = "admin:deferral_event_changelist"


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One line. `address` is the list of exactly these."""

    what: str
    cause: str | None
    example: str | None
    count: int
    first: datetime | None
    last: datetime | None
    address: str


def causes_page(desk: DeadLetters[Job], request: HttpRequest) -> HttpResponse:
    """Every group, with the ways to look at it, to replay it and to discard it."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    context: dict[str, Any] = {
        **desk.admin_site.each_context(request),
        "title": "Dead letters",
        "opts": desk.opts,
        "jobs": groups_of(dead_jobs_by_cause(), "task", reverse(JOBS)),
        "events": groups_of(dead_events_by_cause(), "type", reverse(EVENTS)),
        "may_settle_jobs": desk.has_settle_permission(request),
        "may_settle_events": request.user.has_perm("deferral.change_event"),
    }
    return TemplateResponse(request, "admin/deferral/causes.html", context)


def groups_of(found: Iterable[Any], name: str, address: str) -> list[Group]:
    """The rows of a selector, each with the address of the list it stands for."""
    return [Group(**row, address=f"{address}?{urlencode(asked(row, name))}") for row in found]


def asked(row: dict[str, Any], name: str) -> dict[str, str]:
    """The list's filters. A row that says no cause is found among all of its kind."""
    cause = {"cause": row["cause"]} if row["cause"] else {}
    return {"state__exact": "dead", name: row["what"], **cause}
