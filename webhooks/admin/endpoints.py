"""Where webhooks go: made, tested, disabled and recovered in the admin. Never deleted."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from deferral.admin.kit.decisions import decide, possible
from deferral.external.parking import ensure_breakers
from deferral.guarded import Guarded
from deferral.signatures import new_secret
from orders.admin.sections import decided_about
from webhooks.admin import columns
from webhooks.admin.changes import note_changes
from webhooks.admin.decisions import ABOUT_ENDPOINTS, is_on
from webhooks.admin.deliveries import latest
from webhooks.admin.endpoint_form import EndpointForm
from webhooks.admin.permissions import may_manage, may_send, may_show
from webhooks.admin.recovering import recover_page
from webhooks.admin.showing import secret_page
from webhooks.admin.testing import is_awaited, test_page
from webhooks.models import Endpoint

SHOWN = 10


@admin.register(Endpoint)
class EndpointAdmin(Guarded[Endpoint]):
    """The list, and a page with what came of the latest deliveries."""

    form = EndpointForm
    change_form_template = "admin/webhooks/endpoint.html"
    ordering = ("slug",)
    list_display = ("slug", *columns.LISTED)
    search_fields = ("slug",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Endpoint]:
        """With what the list says of each."""
        return columns.counted(super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        """With a page for each thing that is decided."""
        view = self.admin_site.admin_view
        here, name = "<int:endpoint_id>", "webhooks_endpoint"
        return [
            path(f"{here}/test/", view(self.test), name=f"{name}_test"),
            path(f"{here}/recover/", view(self.recover), name=f"{name}_recover"),
            path(f"{here}/secret/", view(self.secret), name=f"{name}_secret"),
            path(f"{here}/decide/<slug:verb>/", view(self.decide), name=f"{name}_decide"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Endpoint | None = None) -> bool:
        """Deliveries name it; what is not wanted any more is disabled."""
        return False

    def get_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> tuple[Any, ...]:
        """Of a new one what must be said; the secret for those who may give it to the receiver."""
        if obj is None:
            return ("slug", "url", "events", "at_once")
        shown = ("events", "at_once", *columns.ON_ITS_PAGE)
        if may_manage(request):
            return ("slug", "url", *shown, columns.signing)
        return ("slug", columns.place, *shown)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Endpoint | None = None
    ) -> tuple[Any, ...]:
        """All but the address, the events, and how many at a time."""
        return ("slug", columns.place, *columns.ON_ITS_PAGE, columns.signing) if obj else ()

    @transaction.atomic
    def save_model(
        self,
        request: HttpRequest,
        obj: Endpoint,
        form: Any,
        change: bool,  # noqa: FBT001 - Django's
    ) -> None:
        """Write what was changed and nothing else. A new one has a secret, and a breaker."""
        if change:
            obj.save(update_fields=form.changed_data)
            note_changes(self, request, obj, form)
            return
        obj.secret = new_secret()
        obj.save()
        ensure_breakers(obj.service)

    def decide(self, request: HttpRequest, endpoint_id: int, verb: str) -> HttpResponse:
        """Rotate, disable, enable."""
        if verb not in ABOUT_ENDPOINTS:
            raise Http404
        return decide(self, request, Endpoint.objects.all(), endpoint_id, ABOUT_ENDPOINTS[verb])

    def recover(self, request: HttpRequest, endpoint_id: int) -> HttpResponse:
        """What it missed."""
        if not may_manage(request):
            raise PermissionDenied
        return recover_page(self, request, get_object_or_404(Endpoint, pk=endpoint_id))

    def secret(self, request: HttpRequest, endpoint_id: int) -> HttpResponse:
        """In clear, for who gives it to the receiver."""
        if not may_show(request):
            raise PermissionDenied
        return secret_page(self, request, get_object_or_404(Endpoint, pk=endpoint_id))

    def test(self, request: HttpRequest, endpoint_id: int) -> HttpResponse:
        """Send something harmless; the page shows what comes of it."""
        if not may_send(request):
            raise PermissionDenied
        return test_page(self, request, get_object_or_404(Endpoint, pk=endpoint_id))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the buttons this person may press, the latest deliveries, and what was decided."""
        endpoint: Endpoint | None = kwargs.get("obj")
        if endpoint is None:
            return super().render_change_form(request, context, *args, **kwargs)
        context["decisions"] = possible(request, endpoint, ABOUT_ENDPOINTS)
        context["may_send"] = may_send(request) and is_on(endpoint)
        context["may_show"] = may_show(request) and not endpoint.unsigned_because
        context["may_recover"] = may_manage(request) and is_on(endpoint)
        context["latest"] = latest(endpoint.deliveries.defer("body"), SHOWN)
        context["section"] = decided_about(endpoint)
        answer = super().render_change_form(request, context, *args, **kwargs)
        if is_awaited(endpoint, request.GET.get("test", "")):
            answer["Refresh"] = "1"
        return answer
