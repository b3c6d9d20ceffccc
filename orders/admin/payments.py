"""Payments: every attempt, and what the provider calls it."""

from django.contrib import admin

from deferral.admin.kit.formatting import link_to
from deferral.admin.kit.searching import Findable
from orders.admin.money import money
from orders.models import PaymentAttempt


@admin.register(PaymentAttempt)
class PaymentAdmin(Findable[PaymentAttempt]):
    """Found by order, by card's holder, or by the provider's reference."""

    ordering = ("-id",)
    list_display = ("provider_ref", "its_order", "state", "amount", "card", "created_at")
    list_display_links = ("provider_ref", "created_at")
    list_filter = ("state", "created_at")
    list_select_related = ("order",)
    search_fields = ("order__number__in", "order__email__exact", "provider_ref__exact")
    fields = (
        "its_order",
        "state",
        "amount",
        "went_back",
        "method",
        "card",
        "reason",
        "key",
        "provider_ref",
        "created_at",
        "bank_since",
        "settled_at",
    )

    @admin.display(description="order", ordering="order")
    def its_order(self, attempt: PaymentAttempt) -> str:
        """A link to it."""
        return link_to(attempt.order)

    @admin.display(ordering="refunded_cents")
    def went_back(self, attempt: PaymentAttempt) -> str:
        """What the provider has given back."""
        return money(attempt.refunded_cents, attempt.order.currency)

    @admin.display(ordering="amount_cents")
    def amount(self, attempt: PaymentAttempt) -> str:
        """In the order's currency."""
        return money(attempt.amount_cents, attempt.order.currency)
