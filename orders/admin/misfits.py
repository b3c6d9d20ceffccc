"""What suppliers said of parcels and was not obeyed, until somebody has seen to it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import Decision, decide, possible
from deferral.admin.kit.searching import Findable
from orders.admin.shipments import may_correct
from orders.models import ShipmentNotice
from orders.shipments.correcting import see_to_notice


def needs_somebody(notice: ShipmentNotice) -> bool:
    """Whether something was wrong with it, and nobody has seen to it."""
    return bool(notice.misfit) and notice.seen_at is None


DECISIONS = {
    "seen": Decision(
        verb="Seen to",
        may=may_correct,
        allowed=needs_somebody,
        service=see_to_notice,
        consequence="It is not named on the first page any more. Nothing else changes.",
        done="needs nobody any more.",
    )
}


class Fitting(admin.SimpleListFilter):
    """Those that somebody has to look at, and all that were wrong."""

    title = "what was wrong"
    parameter_name = "wrong"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Two."""
        return [("open", "to be seen to"), ("all", "something")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ShipmentNotice]
    ) -> QuerySet[ShipmentNotice]:
        """By an index, the first."""
        wrong = queryset.exclude(misfit="")
        found = {"open": wrong.filter(seen_at=None), "all": wrong}
        return found.get(str(self.value()), queryset)


@admin.register(ShipmentNotice)
class ShipmentNoticeAdmin(Findable[ShipmentNotice]):
    """Found by the order, or by what its supplier called the order."""

    change_form_template = "admin/orders/shipmentnotice.html"
    ordering = ("-id",)
    list_display = ("shipment", "order_ref", "supplier", "state", "said", "misfit", "when")
    list_filter = (Fitting, "state")
    list_select_related = ("order",)
    search_fields = ("order__number__in", "order_ref__exact")
    search_help_text = "An order's number, or what its supplier called the order."
    fields = (
        "shipment",
        "its_order",
        "order_ref",
        "supplier",
        "name",
        "state",
        "said",
        "lines",
        "carrier",
        "tracking_number",
        "tracking_url",
        "by",
        "reason",
        "refused",
        "misfit",
        "when",
        "seen_at",
    )

    def get_urls(self) -> list[URLPattern]:
        """With the page on which it is seen to."""
        view = self.admin_site.admin_view(self.decide)
        place = "<int:notice_id>/decide/<slug:name>/"
        return [path(place, view, name="orders_shipmentnotice_decide"), *super().get_urls()]

    def decide(self, request: HttpRequest, notice_id: int, name: str) -> HttpResponse:
        """Seen to."""
        if name not in DECISIONS:
            raise Http404
        rows = ShipmentNotice.objects.select_related("order")
        return decide(self, request, rows, notice_id, DECISIONS[name])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what may be decided."""
        context["decisions"] = possible(request, kwargs["obj"], DECISIONS)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="order", ordering="order")
    def its_order(self, notice: ShipmentNotice) -> str:
        """A link to it; a dash where it is none of ours."""
        return formatting.link_to(notice.order)

    @admin.display(description="happened", ordering="said_at")
    def said(self, notice: ShipmentNotice) -> str:
        """As its supplier says."""
        return formatting.clock(notice.said_at)

    @admin.display(description="received", ordering="received_at")
    def when(self, notice: ShipmentNotice) -> str:
        """By our clock."""
        return formatting.clock(notice.received_at)
