"""Recording an order, once for each checkout key."""

from dataclasses import asdict

from django.db import connection

from orders.amounts import is_payable
from orders.drafts import SHIPPING_TAX_BASIS_POINTS, Draft, DraftLine, included_tax
from orders.errors import CheckoutKeyReused, NotPayable
from orders.models import Order, OrderLine, PaymentAttempt

# Order numbers are given by PostgreSQL, so that two web processes never meet.
NEXT_NUMBER = "SELECT nextval('orders_number')"

# One checkout key at a time, until the transaction ends.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(73, hashtext(%s))"


def place_order(*, draft: Draft) -> tuple[Order, PaymentAttempt]:
    """Record the order and the attempt to pay it, in the caller's transaction.

    The same checkout key again gives the same order and writes nothing, also when both come at
    once: the second waits for the first. CheckoutKeyReused when the basket is another, NotPayable
    when no card can be charged with its total.
    """
    if not is_payable(draft.total_cents):
        raise NotPayable
    order, is_new = _once(draft)
    if is_new:
        return order, order.payments.create(amount_cents=order.total_cents)
    return order, order.payments.latest("id")


def place_free_order(*, draft: Draft) -> tuple[Order, bool]:
    """The same for an order that costs nothing. False: it was there before.

    It has no attempt: no money moves, so that nothing is asked of the provider, given back, or
    missing when the books are compared.
    """
    if draft.total_cents:
        raise NotPayable
    return _once(draft)


def _once(draft: Draft) -> tuple[Order, bool]:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [str(draft.checkout_key)])
    order = Order.objects.filter(checkout_key=draft.checkout_key).first()
    if order is None:
        return _record(draft), True
    if order.fingerprint != draft.fingerprint:
        raise CheckoutKeyReused
    return order, False


def _record(draft: Draft) -> Order:
    subtotal = sum(line.total_cents for line in draft.lines)
    shipping_tax = included_tax(draft.shipping_cents, SHIPPING_TAX_BASIS_POINTS)
    order = Order.objects.create(
        number=_next_number(),
        checkout_key=draft.checkout_key,
        fingerprint=draft.fingerprint,
        name=draft.name,
        email=draft.email,
        address=draft.address,
        phone=draft.phone,
        **asdict(draft.goes_to),
        subtotal_cents=subtotal,
        shipping_cents=draft.shipping_cents,
        tax_cents=sum(line.tax_cents for line in draft.lines) + shipping_tax,
        total_cents=draft.total_cents,
    )
    OrderLine.objects.bulk_create(_line(order, line) for line in draft.lines)
    return order


def _line(order: Order, line: DraftLine) -> OrderLine:
    sums = {"tax_cents": line.tax_cents, "total_cents": line.total_cents}
    return OrderLine(order=order, **asdict(line), **sums)


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER)
        return f"H-{cursor.fetchone()[0]}"
