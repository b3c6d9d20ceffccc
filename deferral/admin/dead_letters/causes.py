"""Dead letters by task and cause: a hundred of one cause are one decision."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from deferral.admin.dead_letters.settling import DeadLetters
from deferral.ledger.selectors import dead_events_by_cause, dead_jobs_by_cause
from deferral.models import Event, Job
from deferral.text.redaction import storable

LISTS = {"task": "admin:deferral_job_changelist", "type": "admin:deferral_event_changelist"}
# So many groups stand on the page. More causes than that are one cause: something else is wrong.
MOST_GROUPS = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One line. `address` is the list of exactly these; `last_id` the youngest of them."""

    what: str
    cause: str
    count: int
    first: datetime | None
    last: datetime | None
    last_id: int
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """The youngest of a group, whole: nothing in it that nobody shall read."""

    name: str
    address: str
    attempts: int
    crashes: int
    payload: str
    message: str
    traceback: str


def causes_page(model_admin: DeadLetters[Job], request: HttpRequest) -> HttpResponse:
    """Every group, with one of it to look at, and the ways to replay and to discard it."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    jobs = groups_of(dead_jobs_by_cause()[:MOST_GROUPS], "task")
    events = groups_of(dead_events_by_cause()[:MOST_GROUPS], "type")
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": "Dead letters",
        "opts": model_admin.opts,
        "jobs": with_examples(jobs, Job.objects.in_bulk([group.last_id for group in jobs])),
        "events": with_examples(events, Event.objects.in_bulk([group.last_id for group in events])),
        "may_settle_jobs": model_admin.has_settle_permission(request),
        "may_settle_events": request.user.has_perm("deferral.change_event"),
    }
    return TemplateResponse(request, "admin/deferral/causes.html", context)


def groups_of(found: Iterable[Mapping[str, Any]], name: str) -> list[Group]:
    """The rows of a selector, each with the address of the list it stands for."""
    address = reverse(LISTS[name])
    return [Group(**row, address=f"{address}?{urlencode(asked(row, name))}") for row in found]


def asked(row: Mapping[str, Any], name: str) -> dict[str, str]:
    """The list's filters. A row that says no cause is found among all of its kind."""
    cause = {"cause": row["cause"]} if row["cause"] else {}
    return {"state__exact": "dead", name: row["what"], **cause}


def with_examples(
    groups: Iterable[Group], rows: Mapping[int, Job | Event]
) -> list[tuple[Group, Example | None]]:
    """None for a group whose youngest has been settled meanwhile."""
    return [
        (group, example(rows[group.last_id]) if group.last_id in rows else None) for group in groups
    ]


def example(row: Job | Event) -> Example:
    """What a person needs of one dead row to decide about all: its last error, its arguments."""
    last = row.errors[-1] if row.errors else {}
    content = row.kwargs if isinstance(row, Job) else row.payload
    return Example(
        name=str(row),
        address=reverse(f"admin:deferral_{row._meta.model_name}_change", args=[row.pk]),  # noqa: SLF001 - documented
        attempts=row.attempts,
        crashes=row.crashes + row.losses if isinstance(row, Job) else 0,
        payload=storable(json.dumps(content)),
        message=last.get("message", ""),
        traceback=last.get("traceback", ""),
    )
