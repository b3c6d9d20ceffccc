"""The index: what needs somebody is said before anything else, and dead letters have an entry.

Set on the site that every app registers with: a site class of its own is the project's choice,
not this app's.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from deferral.models import Job
from deferral.selectors import dead_counts, is_living, lane_figures

plain_index, plain_app_list = admin.site.index, admin.site.get_app_list


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
    """The stock index, with warnings for who may see jobs."""
    shown = list(warnings()) if may_look(request) else []
    return plain_index(request, {**(extra_context or {}), "warnings": shown})


def app_list(request: HttpRequest, app_label: str | None = None) -> list[Any]:
    """The stock list, with dead letters as an entry of its own."""
    found = plain_app_list(request, app_label)
    for app in found:
        if app["app_label"] == "deferral" and may_look(request):
            app["models"] = [dead_letters_entry(), *app["models"]]
    return found


def may_look(request: HttpRequest) -> bool:
    """Whoever may see jobs may see what became of them."""
    return request.user.has_perm("deferral.view_job")


def warnings() -> Iterator[str]:
    """One sentence for each thing that does not go on by itself."""
    if not is_living("relay"):
        yield "No relay is running: what is decided is written down, and nobody does it."
    else:
        yield from unserved()
    if not is_living("beat"):
        yield "Beat is not running: nothing that is scheduled happens."
    jobs, events = dead_counts()
    if jobs or events:
        yield format_html(DEAD, reverse("admin:deferral_dead_letters"), counted(jobs, events))


def unserved() -> Iterator[str]:
    """The lanes whose work waits for nobody."""
    for lane in lane_figures():
        if not lane.served:
            yield f"Nobody serves the lane {lane.name}: {lane.waiting} waiting."


def counted(jobs: int, events: int) -> str:
    """`3 jobs, 1 event`: whatever there is."""
    both = ((jobs, "job"), (events, "event"))
    return ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for n, name in both if n)


def dead_letters_entry() -> dict[str, Any]:
    """As the site describes a model in its lists."""
    return {
        "model": Job,
        "name": "Dead letters",
        "object_name": "DeadLetter",
        "perms": {"view": True},
        "admin_url": reverse("admin:deferral_dead_letters"),
        "add_url": None,
        "view_only": True,
    }


DEAD = '<a href="{}">Dead letters: {}</a>. Somebody has to look at them.'

admin.site.index_template = "admin/deferral/index.html"
admin.site.index = index  # type: ignore[method-assign]  # see above
admin.site.get_app_list = app_list  # type: ignore[method-assign]  # see above
