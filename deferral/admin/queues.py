"""Queues: how long each is, and whether anybody serves it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from deferral.admin.first_page.machinery import shown
from deferral.admin.kit.read_only import ReadOnly
from deferral.ledger.statistics import open_work, queue_statistics, recent_work
from deferral.models import Queue


@admin.register(Queue)
class QueueAdmin(ReadOnly[Queue]):
    """One page with the figures of every queue; the rows themselves say less."""

    change_list_template = "admin/deferral/queues.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with what is true now."""
        found = queue_statistics(open_work(), recent_work())
        now = {"title": "Queues", "statistics": [shown(queue) for queue in found]}
        return super().changelist_view(request, {**(extra_context or {}), **now})
