"""Recording an order, once for each checkout key."""

from dataclasses import asdict

from django.db import connection

from orders.drafts import SHIPPING_TAX_BASIS_POINTS, Draft, DraftLine, included_tax
from orders.errors import CheckoutKeyReused
from orders.models import Order, OrderLine, PaymentAttempt

# Order numbers are given by PostgreSQL, so that two web processes never meet.
NEXT_NUMBER = "SELECT nextval('orders_number')"

# One checkout key at a time, until the transaction ends.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(73, hashtext(%s))"


def place_order(*, draft: Draft) -> tuple[Order, PaymentAttempt]:
    """Record the order and the attempt to pay it, in the caller's transaction.

    The same checkout key again gives the same order and writes nothing, also when both come at
    once: the second waits for the first. CheckoutKeyReused when the basket is another.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [str(draft.checkout_key)])
    order = Order.objects.filter(checkout_key=draft.checkout_key).first()
    if order is None:
        return _record(draft)
    if order.fingerprint != draft.fingerprint:
        raise CheckoutKeyReused
    return order, order.payments.latest("id")


def _record(draft: Draft) -> tuple[Order, PaymentAttempt]:
    subtotal = sum(line.total_cents for line in draft.lines)
    shipping_tax = included_tax(draft.shipping_cents, SHIPPING_TAX_BASIS_POINTS)
    order = Order.objects.create(
        number=_next_number(),
        checkout_key=draft.checkout_key,
        fingerprint=draft.fingerprint,
        name=draft.name,
        email=draft.email,
        address=draft.address,
        subtotal_cents=subtotal,
        shipping_cents=draft.shipping_cents,
        tax_cents=sum(line.tax_cents for line in draft.lines) + shipping_tax,
        total_cents=subtotal + draft.shipping_cents,
    )
    OrderLine.objects.bulk_create(_line(order, line) for line in draft.lines)
    return order, order.payments.create(amount_cents=order.total_cents)


def _line(order: Order, line: DraftLine) -> OrderLine:
    sums = {"tax_cents": line.tax_cents, "total_cents": line.total_cents}
    return OrderLine(order=order, **asdict(line), **sums)


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER)
        return f"H-{cursor.fetchone()[0]}"
