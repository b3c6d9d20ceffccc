"""How a row's parts are written on a page."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from deferral.models import Intervention, Job

NOTHING = "-"
# Keeps a number and its unit on one line of a narrow column.
GAP = "\N{NO-BREAK SPACE}"


def span(length: timedelta | None) -> str:
    """`0.4 s`, `12 s`, `3 min`, `5 h`, `4 d`; negative lengths as zero; a dash for none."""
    if length is None:
        return NOTHING
    seconds = max(0.0, length.total_seconds())
    if seconds < 10:
        return f"{seconds:.1f}{GAP}s"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f}{GAP}{unit}"
    return f"{seconds:.0f}{GAP}s"


def ago(moment: datetime | None) -> str:
    """How long ago, for instance `3 min`."""
    return span(timezone.now() - moment if moment else None)


def between(start: datetime | None, end: datetime | None) -> str:
    """From one moment to a later one; a dash while either is missing, or they are not in order."""
    return span(end - start) if start and end and end >= start else NOTHING


def clock(moment: datetime | None) -> str:
    """To the millisecond, in the shop's time zone: two rows often differ by less than a second."""
    if moment is None:
        return NOTHING
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


# What each state of a job or an event feels like; see the style sheet.
TONES = {
    "done": "good",
    "expanded": "good",
    "running": "busy",
    "pending": "wait",
    "paused": "wait",
    "waiting": "",
    "dead": "bad",
    "discarded": "",
    "expired": "",
}


def pill(text: str, tone: str = "") -> SafeString:
    """A word in a coloured lozenge. Never the colour alone: the word says it."""
    return format_html('<span class="pill{}">{}</span>', f" pill-{tone}" if tone else "", text)


def state_pill(state: str, note: str = "") -> SafeString:
    """The state of a job or an event."""
    return pill(f"{state}{note}", TONES.get(state, ""))


def link_to(row: Model | None, text: str = "") -> str:
    """A link to the row's own page."""
    if row is None:
        return NOTHING
    address = reverse(admin_urlname(row._meta, SafeString("change")), args=[row.pk])  # noqa: SLF001 - documented
    return format_html('<a href="{}">{}</a>', address, text or str(row))


def flower_url(job: Job) -> str:
    """The task's page in Flower, which knows it by the same id over all attempts."""
    return f"{settings.FLOWER_URL}/task/{job.task_id}"


def results_url(job: Job) -> str:
    """What Celery's result backend kept about it: parts of chords, and failures."""
    address = reverse("admin:django_celery_results_taskresult_changelist")
    return f"{address}?task_id__exact={job.task_id}"


def jobs_about(subject: str) -> str:
    """A link to everything done about one subject."""
    address = reverse("admin:deferral_job_changelist")
    return format_html('<a href="{}?subject__exact={}">{}</a>', address, subject, subject)


def cut_error(class_: str | None, message: str | None) -> str:
    """Class and message, as much as a column takes."""
    return f"{class_}: {message or ''}"[:100] if class_ else NOTHING


def error_list(errors: Iterable[Mapping[str, Any]]) -> str:
    """Every kept error, the latest first, each with its traceback."""
    latest_first = reversed(list(errors))
    return format_html_join("", "{}", ((error_entry(one),) for one in latest_first)) or NOTHING


def error_entry(error: Mapping[str, Any]) -> SafeString:
    """One failure: when, in which attempt, what, and where in the code."""
    at = parse_datetime(str(error.get("at", "")))
    return format_html(
        "<p><strong>{}: {}</strong><br>{} · attempt {} · {} · worker {}</p><pre>{}</pre>",
        error.get("class", ""),
        error.get("message", ""),
        clock(at),
        error.get("attempt", "?"),
        error.get("kind", ""),
        error.get("worker", NOTHING),
        error.get("traceback", ""),
    )


def as_list(entries: Iterable[str]) -> str:
    """One entry a line; a dash when there is none."""
    return format_html_join(SafeString("<br>"), "{}", ((entry,) for entry in entries)) or NOTHING


def intervention_list(interventions: Iterable[Intervention]) -> str:
    """Who did what, when and why."""
    return as_list(
        f"{clock(one.at)} {one}" + (f": {one.reason}" if one.reason else "")
        for one in interventions
    )
