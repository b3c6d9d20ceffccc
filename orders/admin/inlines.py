"""The parts of an order's page that stand in their own tables."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from deferral.admin.kit.formatting import link_to
from orders.admin.money import money
from orders.models import Order, OrderLine, PaymentAttempt
from orders.payments.refunds.sums import Back, back_of


class ReadOnlyInline(admin.TabularInline[Any, Order]):
    """A snapshot: nobody adds, edits or deletes."""

    template = "admin/orders/inline.html"
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the order, whose currency each row is in."""
        return super().get_queryset(request).select_related("order")

    def has_add_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """Only a checkout writes them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """Nobody."""
        return False


class LineInline(ReadOnlyInline):
    """What was bought. Prices include the tax."""

    model = OrderLine
    _back: Back | None = None  # of the one order that is shown
    fields = readonly_fields = (
        *("sku", "kind", "title", "detail", "quantity", "given_back", "each", "tax", "sum"),
    )

    @admin.display(description="money back for")
    def given_back(self, line: OrderLine) -> str:
        """How many, and which; the money may be on its way."""
        self._back = self._back or back_of(line.order_id)
        back = self._back.of(line)
        which = f" (ticket {', '.join(map(str, sorted(back.pieces)))})" if back.pieces else ""
        return f"{back.quantity}{which}" if back.quantity else "-"

    @admin.display
    def each(self, line: OrderLine) -> str:
        """Of one piece."""
        return money(line.unit_cents, line.order.currency)

    @admin.display
    def tax(self, line: OrderLine) -> str:
        """Included in the sum."""
        return money(line.tax_cents, line.order.currency)

    @admin.display
    def sum(self, line: OrderLine) -> str:
        """Of the line."""
        return money(line.total_cents, line.order.currency)


class PaymentInline(ReadOnlyInline):
    """Each attempt to be paid."""

    model = PaymentAttempt
    fields = readonly_fields = (
        "attempt",
        "amount",
        "card",
        "method",
        "reason",
        "provider_ref",
        "created_at",
        "settled_at",
    )

    @admin.display(description="state")
    def attempt(self, attempt: PaymentAttempt) -> str:
        """Leads to the attempt's own page."""
        return link_to(attempt, attempt.state)

    @admin.display
    def amount(self, attempt: PaymentAttempt) -> str:
        """In the order's currency."""
        return money(attempt.amount_cents, attempt.order.currency)
