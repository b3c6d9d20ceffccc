"""Imports of products in the admin: brought, looked at, confirmed, watched, withdrawn."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from deferral.admin.kit.decisions import decide
from deferral.admin.kit.live_progress import LiveProgress, poll
from deferral.list_links import ListLink, above_lists
from shop.admin.import_columns import Shown
from shop.admin.import_progress import DECISIONS, live, stage_of
from shop.admin.uploading import may_import, upload
from shop.imports.saying import complaints, unsaid
from shop.models import Product, ProductImport

# As many as stand on the page; the file has all that are kept.
FIRST = 20


@above_lists
def import_link(request: HttpRequest, model: type[Model]) -> ListLink | None:
    """From the list of products."""
    if model is not Product or not may_import(request):
        return None
    return ListLink(label="Import…", address=reverse("admin:shop_productimport_upload"))


@admin.register(ProductImport)
class ProductImportAdmin(Shown):
    """For whoever may add and change products, and for nobody else."""

    change_form_template = "admin/shop/productimport.html"

    def has_view_permission(self, request: HttpRequest, obj: ProductImport | None = None) -> bool:
        """As above: it shows what may be written into the shop."""
        return may_import(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether it stands in the index."""
        return may_import(request)

    def get_urls(self) -> list[URLPattern]:
        """With the pages of one import."""
        sent, decided = (self.admin_site.admin_view(view) for view in (self.upload, self.decide))
        one = "<int:import_id>"
        return [
            path("upload/", sent, name="shop_productimport_upload"),
            path(f"{one}/decide/<slug:verb>/", decided, name="shop_productimport_decide"),
            path(
                f"{one}/progress/<slug:stage>/", self.progress, name="shop_productimport_progress"
            ),
            path(f"{one}/errors/", self.errors, name="shop_productimport_errors"),
            *super().get_urls(),
        ]

    def upload(self, request: HttpRequest) -> HttpResponse:
        """A file."""
        return upload(self, request)

    def decide(self, request: HttpRequest, import_id: int, verb: str) -> HttpResponse:
        """Import it, or withdraw it."""
        if verb not in DECISIONS:
            raise Http404
        return decide(self, request, self.get_queryset(request), import_id, DECISIONS[verb])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the bars, the first cells that change, and the first lines that are left out."""
        if source := kwargs.get("obj"):
            cells = source.refused_cells
            context |= {
                "live": self._live(request, source, stage_of(source)),
                "is_live": True,
                "changed_cells": source.changed_cells.all(),
                "cells": cells.all()[:FIRST],
                "cell_count": cells.count(),
                "unsaid": unsaid(source),
                "all_cells": reverse("admin:shop_productimport_errors", args=[source.pk]),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def progress(self, request: HttpRequest, import_id: int, stage: str) -> HttpResponse:
        """Those bars again. Refused, not led to the login, where the session has ended."""
        return poll(request, self._live(request, self._found(request, import_id), stage))

    def errors(self, request: HttpRequest, import_id: int) -> HttpResponseBase:
        """What is wrong with its lines, as a file."""
        source = self._found(request, import_id)
        answer = StreamingHttpResponse(complaints(source), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="errors-{source.tag}.csv"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer

    def _found(self, request: HttpRequest, import_id: int) -> ProductImport:
        if not (self.admin_site.has_permission(request) and may_import(request)):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=import_id)

    def _live(self, request: HttpRequest, source: ProductImport, stage: str) -> LiveProgress:
        return live(request, source, seen=stage)
