"""Lanes: how long each is, and whether anybody serves it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from deferral.admin.first_page.machinery import shown
from deferral.admin.kit.read_only import ReadOnly
from deferral.ledger.statistics import lane_figures, open_work, recent_work
from deferral.models import Lane


@admin.register(Lane)
class LaneAdmin(ReadOnly[Lane]):
    """One page with the figures of every lane; the rows themselves say less."""

    change_list_template = "admin/deferral/lanes.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with what is true now."""
        found = lane_figures(open_work(), recent_work())
        now = {"title": "Lanes", "figures": [shown(lane) for lane in found]}
        return super().changelist_view(request, {**(extra_context or {}), **now})
