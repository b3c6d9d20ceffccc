"""Parcels: found, read with all that was said of them, put right."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import Decision, decide, possible
from deferral.admin.kit.searching import Findable
from orders.admin.correcting import HowItStands
from orders.admin.open_ones import Needing
from orders.admin.sections import Section, decided_about, on_order_page
from orders.models import Order, Shipment
from orders.shipments.correcting import correct_shipment, see_to_shipment

TONES = {
    Shipment.State.DELIVERED: "good",
    Shipment.State.ON_ITS_WAY: "busy",
    **dict.fromkeys(Shipment.TROUBLED, "bad"),
}


def may_correct(request: HttpRequest) -> bool:
    """Nobody edits a parcel: the permission says this."""
    return request.user.has_perm("orders.change_shipment")


DECISIONS = {
    "correct": Decision(
        verb="Correct",
        may=may_correct,
        allowed=bool,
        service=correct_shipment,
        consequence="The customer's page shows it so at once; who had not been told that it is on "
        "its way is told now. It holds until the supplier tells of something that has happened "
        "since and is further.",
        done="stands so now.",
        ask=HowItStands,
    ),
    "seen": Decision(
        verb="Seen to",
        may=may_correct,
        allowed=lambda shipment: shipment.needs_staff,
        service=see_to_shipment,
        consequence="It is not named on the first page any more, as long as it stands as it does.",
        done="needs nobody any more.",
    ),
}


@admin.register(Shipment)
class ShipmentAdmin(Findable[Shipment]):
    """Found by its order, or by its carrier's number."""

    change_form_template = "admin/orders/shipment.html"
    ordering = ("-id",)
    list_display = ("name", "its_order", "its_supplier", "state_shown", "when", "tracking_number")
    list_filter = (Needing, "state")
    list_select_related = ("order",)
    search_fields = ("order__number__in", "tracking_number__exact")
    search_help_text = "An order's number, or the carrier's for the parcel."
    fields = (
        "its_order",
        "its_supplier",
        "name",
        "state_shown",
        "when",
        "inside",
        "carrier",
        *("tracking_number", "tracking_url", "corrected_by"),
        "customer_told",
    )

    def get_urls(self) -> list[URLPattern]:
        """With the pages on which something is decided."""
        view = self.admin_site.admin_view(self.decide)
        here = path("<int:shipment_id>/decide/<slug:name>/", view, name="orders_shipment_decide")
        return [here, *super().get_urls()]

    def decide(self, request: HttpRequest, shipment_id: int, name: str) -> HttpResponse:
        """Put right, or seen to."""
        if name not in DECISIONS:
            raise Http404
        rows = Shipment.objects.select_related("order")
        return decide(self, request, rows, shipment_id, DECISIONS[name])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what may be decided, all that was said of it, and who decided what."""
        shipment: Shipment = kwargs["obj"]
        context["decisions"] = possible(request, shipment, DECISIONS)
        context["notices"] = shipment.order.shipment_notices.filter(
            supplier=shipment.supplier, shipment=shipment.name
        )
        context["section"] = decided_about(shipment)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="order", ordering="order")
    def its_order(self, shipment: Shipment) -> str:
        """A link to it."""
        return formatting.link_to(shipment.order)

    @admin.display(description="supplier")
    def its_supplier(self, shipment: Shipment) -> str:
        """As people say it."""
        return shipment.supplier.replace("_", " ")

    @admin.display(description="customer told")
    def customer_told(self, shipment: Shipment) -> str:
        """When it was announced that it had left."""
        return formatting.clock(shipment.told_at)

    @admin.display(description="state", ordering="state")
    def state_shown(self, shipment: Shipment) -> str:
        """As a pill; more than was ordered is said with it."""
        return pill(shipment)

    @admin.display(description="since", ordering="since")
    def when(self, shipment: Shipment) -> str:
        """As its supplier says."""
        return formatting.clock(shipment.since)

    @admin.display
    def inside(self, shipment: Shipment) -> str:
        """What is in it."""
        return formatting.as_list(map(str, shipment.lines.select_related("line")))


def pill(shipment: Shipment) -> str:
    """Its state in a word, and that it is one too many."""
    if shipment.excess:
        words = f"{shipment.get_state_display()}: more than was ordered"
        return formatting.pill(words, "bad")
    tone = TONES.get(Shipment.State(shipment.state), "wait")
    return formatting.pill(shipment.get_state_display(), tone)


@on_order_page("orders.view_shipment")
def parcels(order: Order) -> Section | None:
    """Each of them, and where it is."""
    found = list(order.shipments.prefetch_related("lines__line"))
    if not found:
        return None
    context = {"rows": [(formatting.link_to(one), one, pill(one)) for one in found]}
    return Section(
        title="Parcels", template="admin/orders/_shipments.html", context=context, place=5
    )
