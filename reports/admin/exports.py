"""Exports in the admin: asked for, watched, fetched, withdrawn."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from deferral.admin.kit.decisions import decide
from deferral.admin.kit.live_progress import LiveProgress, live_progress, poll, soon
from deferral.models import Job
from reports.admin.asking import ask_page
from reports.admin.export_columns import Shown
from reports.admin.export_files import WITHDRAW, actions, file_of
from reports.models import Export

ALL = "reports.see_all_exports"


@admin.register(Export)
class ExportAdmin(Shown):
    """Those of the person who looks; of everybody, for who may see all."""

    change_form_template = "admin/reports/export.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        """With the state of its job."""
        jobs = Job.objects.filter(key=Concat(Value("export:"), OuterRef("tag")))
        found = super().get_queryset(request).annotate(state=Subquery(jobs.values("state")[:1]))
        if request.user.has_perm(ALL):
            return found
        return found.filter(asked_by=request.user.get_username())

    def get_urls(self) -> list[URLPattern]:
        """With the pages of one export."""
        ask, decided = (self.admin_site.admin_view(view) for view in (self.ask, self.decide))
        return [
            path("ask/<slug:dataset>/", ask, name="reports_export_ask"),
            path("<int:export_id>/decide/<slug:verb>/", decided, name="reports_export_decide"),
            path("<int:export_id>/progress/", self.progress, name="reports_export_progress"),
            path("<int:export_id>/file/", self.fetch, name="reports_export_file"),
            *super().get_urls(),
        ]

    def ask(self, request: HttpRequest, dataset: str) -> HttpResponse:
        """From a list."""
        return ask_page(self, request, dataset)

    def decide(self, request: HttpRequest, export_id: int, verb: str) -> HttpResponse:
        """Withdraw it."""
        if verb != "withdraw":
            raise Http404
        return decide(self, request, self.get_queryset(request), export_id, WITHDRAW)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the bars, and what may be done."""
        if export := kwargs.get("obj"):
            context |= {"live": self._live(request, export), "is_live": True}
        return super().render_change_form(request, context, *args, **kwargs)

    def progress(self, request: HttpRequest, export_id: int) -> HttpResponse:
        """Those bars again. Refused, not led to the login, where the session has ended."""
        return poll(request, self._live(request, self._found(request, export_id)))

    def fetch(self, request: HttpRequest, export_id: int) -> HttpResponseBase:
        """The file, for who may still see its rows. 404 when it is not there, or no more."""
        return file_of(request, self._found(request, export_id))

    def _found(self, request: HttpRequest, export_id: int) -> Export:
        if not (self.admin_site.has_permission(request) and self.has_view_permission(request)):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=export_id)

    def _live(self, request: HttpRequest, export: Export) -> LiveProgress:
        address = reverse("admin:reports_export_progress", args=[export.pk])
        found = list(actions(request, export))
        job = Job.objects.filter(key=export.key).first()
        if job is None:
            return soon(export.pk, address=address, actions=found)
        return live_progress(job, address=address, actions=found)
