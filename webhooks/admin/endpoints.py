"""Where webhooks go: made, tested, disabled and recovered at the desk. Never deleted."""

from typing import Any

import structlog
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import decide, possible, write_down
from deferral.external.parking import ensure_breakers
from deferral.guarded import Guarded
from deferral.models import Job
from orders.admin.sections import decided_about
from webhooks.addresses import place_of
from webhooks.admin.decisions import ABOUT_ENDPOINTS, is_on
from webhooks.admin.deliveries import latest
from webhooks.admin.endpoint_form import EndpointForm
from webhooks.admin.permissions import may_manage, may_send, may_show
from webhooks.admin.recovering import recover_page
from webhooks.admin.showing import secret_page
from webhooks.admin.testing import is_awaited, test_page
from webhooks.models import Delivery, Endpoint
from webhooks.signing import new_secret

log = structlog.get_logger(__name__)

SHOWN = 10
MASKED = "whsec_" + 12 * "\N{BULLET}"
UNSIGNED = (
    "{} Nothing is sent there meanwhile; what is to be sent waits at no cost. Give back the key "
    "that sealed it, or rotate the secret."
)


@admin.register(Endpoint)
class EndpointAdmin(Guarded[Endpoint]):
    """The list, and a page with what came of the latest deliveries."""

    form = EndpointForm
    change_form_template = "admin/webhooks/endpoint.html"
    ordering = ("slug",)
    list_display = ("slug", "place", "hears_of", "state", "last_success", "failing", "waiting")
    search_fields = ("slug",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Endpoint]:
        """With what the list says of each."""
        done = Delivery.objects.filter(endpoint=OuterRef("pk"), delivered_at__isnull=False)
        last = done.order_by().values("endpoint").annotate(last=Max("delivered_at")).values("last")
        pending = Job.objects.filter(state=Job.State.PENDING).exclude(stranger="")  # as its index
        open_ = pending.filter(stranger=OuterRef("slug")).order_by()
        waiting = open_.values("stranger").annotate(n=Count("pk")).values("n")
        found = super().get_queryset(request)
        return found.annotate(last=Subquery(last), waiting_jobs=Subquery(waiting))

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

    def get_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> tuple[str, ...]:
        """Of a new one what must be said; the secret for those who may give it to the receiver."""
        if obj is None:
            return ("slug", "url", "events")
        shown = ("events", "state", "failing", "last_success", "waiting")
        if may_manage(request):
            return ("slug", "url", *shown, "signing")
        return ("slug", "place", *shown)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Endpoint | None = None
    ) -> tuple[str, ...]:
        """All but the address and the events."""
        shown = ("place", "state", "failing", "last_success", "waiting", "signing")
        return ("slug", *shown) if obj else ()

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
            self._note_move(request, obj, form)
            return
        obj.secret = new_secret()
        obj.save()
        ensure_breakers(obj.slug)

    def _note_move(self, request: HttpRequest, obj: Endpoint, form: Any) -> None:
        """From where to where: whoever moves it has everything sent to somebody else."""
        if "url" in form.changed_data:
            before, after = place_of(form.initial["url"]), place_of(obj.url)
            write_down(self, request, obj, f"Moved from {before} to {after}.")
            by = request.user.get_username()
            log.info("endpoint_moved", endpoint=obj.slug, before=before, after=after, by=by)

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

    @admin.display(description="address")
    def place(self, endpoint: Endpoint) -> str:
        """Scheme and host: the rest may be a password, and is for who manages it."""
        return endpoint.place

    @admin.display(description="events")
    def hears_of(self, endpoint: Endpoint) -> str:
        """What it chose."""
        return formatting.as_list(endpoint.events)

    @admin.display
    def state(self, endpoint: Endpoint) -> str:
        """Disabled and why, failing and how often, or well."""
        if endpoint.disabled_at:
            why = formatting.pill("disabled", "bad")
            at = formatting.clock(endpoint.disabled_at)
            return format_html("{} {} · {}", why, at, endpoint.disabled_because)
        if endpoint.unsigned_because:
            return formatting.pill("secret cannot be opened", "bad")
        if endpoint.failing_since:
            return formatting.pill(f"failing, {endpoint.failures} times", "wait")
        return formatting.pill("well", "good")

    @admin.display(description="failing since")
    def failing(self, endpoint: Endpoint) -> str:
        """Since its first failure after its last success."""
        return formatting.clock(endpoint.failing_since)

    @admin.display(description="last success")
    def last_success(self, endpoint: Any) -> str:
        """Of any delivery."""
        return formatting.clock(endpoint.last)

    @admin.display
    def waiting(self, endpoint: Any) -> int:
        """Deliveries to be tried, now or later."""
        return endpoint.waiting_jobs or 0

    @admin.display(description="secret")
    def signing(self, endpoint: Endpoint) -> str:
        """That there is one, and for how long the one before signs too. A button shows it."""
        if endpoint.unsigned_because:
            return format_html(UNSIGNED, endpoint.unsigned_because)
        if not endpoint.is_rotating:
            return MASKED
        until = formatting.clock(endpoint.previous_until)
        return format_html("{}<br>The one before signs too, until {}.", MASKED, until)
