"""Suppliers' parts of orders: whether news of them are still to be expected."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import Decision, decide, possible
from deferral.admin.kit.searching import Findable
from orders.admin.sections import decided_about
from orders.admin.shipments import may_correct
from orders.models import Consignment
from orders.shipments.ending import expect_no_more

DECISIONS = {
    "end": Decision(
        verb="Nothing more to expect",
        may=may_correct,
        allowed=lambda consignment: consignment.ask_at is not None,
        service=expect_no_more,
        consequence="The supplier is not asked about it any more, and not named as silent; the "
        "customer's page waits for no news of it. Should the supplier tell of a parcel all the "
        "same, it counts, and more may be expected again.",
        done="is not waited for any more.",
    )
}


@admin.register(Consignment)
class ConsignmentAdmin(Findable[Consignment]):
    """Found by its order."""

    change_form_template = "admin/orders/consignment.html"
    ordering = ("-id",)
    list_display = (
        "its_order",
        "its_supplier",
        "next_asked",
        "last_asked",
        "last_news",
        "times_asked",
    )
    list_select_related = ("order",)
    search_fields = ("order__number__in",)
    search_help_text = "An order's number."
    fields = list_display

    def get_urls(self) -> list[URLPattern]:
        """With the page on which it is ended."""
        view = self.admin_site.admin_view(self.decide)
        place = "<int:consignment_id>/decide/<slug:name>/"
        return [path(place, view, name="orders_consignment_decide"), *super().get_urls()]

    def decide(self, request: HttpRequest, consignment_id: int, name: str) -> HttpResponse:
        """Ended."""
        if name not in DECISIONS:
            raise Http404
        rows = Consignment.objects.select_related("order")
        return decide(self, request, rows, consignment_id, DECISIONS[name])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what may be decided, and who decided what."""
        context["decisions"] = possible(request, kwargs["obj"], DECISIONS)
        context["section"] = decided_about(kwargs["obj"])
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="order", ordering="order")
    def its_order(self, consignment: Consignment) -> str:
        """A link to it."""
        return formatting.link_to(consignment.order)

    @admin.display(description="supplier")
    def its_supplier(self, consignment: Consignment) -> str:
        """As people say it."""
        return consignment.supplier.replace("_", " ")

    @admin.display(description="asked next")
    def next_asked(self, consignment: Consignment) -> str:
        """A dash where nothing is to be expected."""
        return formatting.clock(consignment.ask_at)

    @admin.display(description="asked last")
    def last_asked(self, consignment: Consignment) -> str:
        """By us."""
        return formatting.clock(consignment.asked_at)

    @admin.display(description="last news")
    def last_news(self, consignment: Consignment) -> str:
        """By itself, or asked."""
        return formatting.clock(consignment.news_at)
