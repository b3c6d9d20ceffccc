"""Lanes: how long each is, and whether anybody serves it."""

from dataclasses import asdict
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from deferral.admin import markup
from deferral.admin.read_only import ReadOnly
from deferral.models import Lane
from deferral.selectors import LaneFigures, lane_figures

COLUMNS = ("lane", "waiting", "oldest", "running", "dead", "last marker took", "served")


@admin.register(Lane)
class LaneAdmin(ReadOnly[Lane]):
    """One page with the figures of every lane; the rows themselves say less."""

    change_list_template = "admin/deferral/lanes.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with what is true now."""
        now = {"title": "Lanes", "columns": COLUMNS, "figures": [row(f) for f in lane_figures()]}
        return super().changelist_view(request, {**(extra_context or {}), **now})


def row(figures: LaneFigures) -> dict[str, Any]:
    """The figures as they are read."""
    times = {"oldest": markup.span(figures.oldest), "wait": markup.span(figures.wait)}
    return asdict(figures) | times
