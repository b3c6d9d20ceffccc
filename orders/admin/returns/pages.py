"""Returns: the list, the page of one with what may be decided, and those of an order there."""

import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import decide, possible
from deferral.admin.kit.searching import SPELLINGS, Findable
from orders.admin.money import money
from orders.admin.returns.decisions import DECISIONS
from orders.admin.sections import Section, decided_about, on_order_page
from orders.models import Order, Return
from orders.selectors import returns_of

State = Return.State
TONES = {
    State.ASKED: "wait",
    State.APPROVED: "busy",
    State.ARRIVED: "busy",
    State.REFUNDED: "good",
    State.REFUSED: "bad",
}
# As it stands on a parcel, in whatever letters.
NAME = re.compile(r"R-?\d{1,18}-([0-9a-z]{8})", re.IGNORECASE)


def tag_in(words: str) -> str:
    """`x2m9c0va` of `R-10482-X2M9C0VA`; nothing for other words."""
    found = NAME.fullmatch(words)
    return found[1].lower() if found else ""


SPELLINGS.append(tag_in)


@admin.register(Return)
class ReturnAdmin(Findable[Return]):
    """Read, and decided about; its customer alone asks for it."""

    change_form_template = "admin/orders/return.html"
    list_display = ("name", "of_order", "what", "reason", "status", "age")
    list_filter = ("state", "reason")
    search_fields = ("tag__in", "order__number__in")
    search_help_text = "What stands on the parcel, or an order's number."
    fields = (
        *("name", "of_order", "status", "reason", "words", "answer"),
        *("asked_at", "decided_at", "arrived_at", "settled_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Return]:
        """With the order and the lines: its name is made of one, and it is about the others."""
        found = super().get_queryset(request).select_related("order")
        return found.prefetch_related("lines__line")

    def get_urls(self) -> list[URLPattern]:
        """With the pages on which something is decided."""
        view = self.admin_site.admin_view(self.decide)
        here = path("<int:return_id>/decide/<slug:verb>/", view, name="orders_return_decide")
        return [here, *super().get_urls()]

    def decide(self, request: HttpRequest, return_id: int, verb: str) -> HttpResponse:
        """Approve, refuse, count what has arrived, refund again."""
        if verb not in DECISIONS:
            raise Http404
        return decide(self, request, self.get_queryset(request), return_id, DECISIONS[verb])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With its lines and refunds, what may be decided, and what was."""
        if found := kwargs.get("obj"):
            context["decisions"] = possible(request, found, DECISIONS)
            context["lines"], context["refunds"] = lines_of(found), refunds_of(found)
            context["section"] = decided_about(found)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="order")
    def of_order(self, found: Return) -> str:
        """Leads there."""
        return formatting.link_to(found.order)

    @admin.display
    def what(self, found: Return) -> str:
        """How many of what was announced."""
        return ", ".join(map(str, found.lines.all()))

    @admin.display(description="state", ordering="state")
    def status(self, found: Return) -> str:
        """How far it has come."""
        state = State(found.state)
        return formatting.pill(state.label, TONES.get(state, ""))

    @admin.display(description="asked for", ordering="asked_at")
    def age(self, found: Return) -> str:
        """How long ago."""
        return formatting.ago(found.asked_at)


def lines_of(found: Return) -> list[tuple[Any, str]]:
    """Each with what was paid for one."""
    currency = found.order.currency
    return [(one, money(one.line.unit_cents, currency)) for one in found.lines.all()]


def refunds_of(found: Return) -> list[tuple[Any, str]]:
    """Each with its amount."""
    return [(one, money(one.amount_cents, found.order.currency)) for one in found.refunds.all()]


@on_order_page("orders.view_return")
def of_order(order: Order) -> Section | None:
    """What of it comes back."""
    rows = list(returns_of(order.pk))
    if not rows:
        return None
    template = "admin/orders/_returns.html"
    return Section(title="Returns", template=template, context={"rows": rows}, place=12)
