"""Orders, as whoever asks knows them."""

from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from orders.models import Order, PaymentAttempt


def order_by_id(order_id: int) -> Order:
    """The order with its lines and payments, in three queries."""
    return Order.objects.prefetch_related("lines", "payments").get(pk=order_id)


def current_order(*, checkout_key: UUID | None = None, number: str = "") -> Order | None:
    """The order made under this key, or with this number: unless its payment failed, or is held.

    One that failed, and can be paid again, stands.
    """
    is_meant = Q(checkout_key=checkout_key) if checkout_key else Q(number=number)
    held = Q(payments__state=PaymentAttempt.State.HELD)
    is_over = Q(kept_until__isnull=True) | Q(kept_until__lte=Now())
    in_force = Order.objects.filter(is_meant).exclude(is_over, state=Order.State.PAYMENT_FAILED)
    return in_force.exclude(held).first()


def held_order(*, checkout_key: UUID | None = None, number: str = "") -> Order | None:
    """The order made under this key, or with this number, that nobody tried to pay and may be."""
    is_meant = Q(checkout_key=checkout_key) if checkout_key else Q(number=number)
    held = Q(payments__state=PaymentAttempt.State.HELD, payments__provider_ref="")
    return Order.objects.filter(is_meant & held).first()


def reference_of(order_id: int) -> str:
    """What everybody outside calls this order: a part of every key about it."""
    return Order.objects.only("number", "tag").get(pk=order_id).reference
