"""What can be done with orders. Each verb owns its transaction unless it says otherwise."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from deferral.events import publish
from orders import gateway
from orders.drafts import SHIPPING_TAX_BASIS_POINTS, Draft, included_tax
from orders.errors import CheckoutKeyReused, PaymentUnavailable
from orders.events import (
    OrderCancelled,
    OrderPaid,
    OrderRefunded,
    PaymentUnknown,
    RefundRequested,
)
from orders.gateway import Settlement
from orders.models import Order, OrderLine, PaymentAttempt

# After this long without an answer a charge is called off at the provider, which settles it.
GIVE_UP_AFTER = timedelta(minutes=15)

# In the place of a provider's reference: no charge was begun, and none will be.
GIVEN_UP = "given up"

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


def pay(*, attempt_id: int, method: str) -> Settlement:
    """Charge the card. No transaction, and no database connection held meanwhile.

    Never raises for what a provider can do: see Settlement. Safe to repeat: one attempt, one
    charge.
    """
    attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
    try:
        ref = _named_at_provider(attempt)
    except PaymentUnavailable as error:
        return Settlement(outcome="unavailable", reason=str(error))
    if not _begin(attempt, ref=ref, method=method):
        return Settlement(outcome="failed", reason="The payment was given up before it began.")
    connection.close()
    return gateway.confirm(key=str(attempt.key), ref=ref, method=method)


def ask_provider(*, attempt_id: int) -> Settlement | None:
    """What became of an attempt; None while nobody knows. PaymentUnavailable.

    Long after, the charge is called off, which makes the answer certain.
    """
    attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
    if _never_begins(attempt):
        return Settlement(outcome="failed", reason="The payment was never begun.")
    ref = attempt.provider_ref
    found = gateway.ask(ref)
    if found or datetime.now(UTC) - attempt.created_at < GIVE_UP_AFTER:
        return found
    return gateway.call_off(key=str(attempt.key), ref=ref)


@transaction.atomic
def mark_paid(*, attempt_id: int, settlement: Settlement) -> Order:
    """Record the payment together with the event that announces it.

    Both rows commit or neither does. A second call changes nothing and announces nothing.
    """
    order, attempt = _locked(attempt_id)
    if attempt.state == PaymentAttempt.State.CAPTURED:
        return order
    order.move_to(Order.State.PAID)
    order.paid_at = datetime.now(UTC)
    order.save(update_fields=["state", "paid_at"])
    _settle(attempt, PaymentAttempt.State.CAPTURED, settlement)
    publish(OrderPaid(order_id=order.pk), subject=order.subject)
    return order


@transaction.atomic
def mark_failed(*, attempt_id: int, settlement: Settlement) -> Order:
    """Record that no money came. A second call changes nothing."""
    order, attempt = _locked(attempt_id)
    if attempt.state == PaymentAttempt.State.FAILED:
        return order
    order.move_to(Order.State.PAYMENT_FAILED)
    order.save(update_fields=["state"])
    _settle(attempt, PaymentAttempt.State.FAILED, settlement)
    return order


@transaction.atomic
def mark_unknown(*, attempt_id: int) -> Order:
    """Record that nobody knows, and that somebody must ask. A second call changes nothing."""
    order, attempt = _locked(attempt_id)
    if attempt.state != PaymentAttempt.State.REQUESTED:
        return order
    order.move_to(Order.State.PAYMENT_UNKNOWN)
    order.save(update_fields=["state"])
    attempt.state = PaymentAttempt.State.UNKNOWN
    attempt.save(update_fields=["state"])
    publish(PaymentUnknown(order_id=order.pk, attempt_id=attempt.pk), subject=order.subject)
    return order


@transaction.atomic
def cancel_order(*, order_id: int, by: str, reason: str) -> Order:
    """Call a paid order off. What follows (stock, money, mail) is its handlers'. NotAllowed."""
    order = _close(order_id, Order.State.CANCELLED, by=by, reason=reason)
    publish(OrderCancelled(order_id=order.pk), subject=order.subject)
    return order


@transaction.atomic
def request_refund(*, order_id: int, by: str, reason: str) -> Order:
    """Decide that the money goes back. The state changes when the provider has done it."""
    order = Order.objects.select_for_update().get(pk=order_id)
    order.check_move(Order.State.REFUNDED)
    order.closed_by, order.closed_reason = by, reason
    order.save(update_fields=["closed_by", "closed_reason"])
    publish(RefundRequested(order_id=order.pk), subject=order.subject)
    return order


@transaction.atomic
def mark_refunded(*, attempt_id: int) -> Order:
    """Record that the money went back, with its announcement. A second call changes nothing."""
    order, attempt = _locked(attempt_id)
    if attempt.state == PaymentAttempt.State.REFUNDED:
        return order
    order.move_to(Order.State.REFUNDED)
    order.closed_at = order.closed_at or datetime.now(UTC)
    order.save(update_fields=["state", "closed_at"])
    attempt.state = PaymentAttempt.State.REFUNDED
    attempt.save(update_fields=["state"])
    publish(OrderRefunded(order_id=order.pk), subject=order.subject)
    return order


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
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            sku=line.sku,
            kind=line.kind,
            title=line.title,
            detail=line.detail,
            unit_cents=line.unit_cents,
            quantity=line.quantity,
            tax_basis_points=line.tax_basis_points,
            tax_cents=line.tax_cents,
            total_cents=line.total_cents,
        )
        for line in draft.lines
    )
    return order, order.payments.create(amount_cents=order.total_cents)


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER)
        return f"H-{cursor.fetchone()[0]}"


def _named_at_provider(attempt: PaymentAttempt) -> str:
    if attempt.provider_ref:
        return attempt.provider_ref
    connection.close()
    return gateway.create(
        key=str(attempt.key),
        order=attempt.order.number,
        amount_cents=attempt.amount_cents,
        currency=attempt.order.currency,
    )


def _begin(attempt: PaymentAttempt, *, ref: str, method: str) -> bool:
    """Store the reference before anything is charged under it. False: it was given up meanwhile."""
    mine = PaymentAttempt.objects.filter(pk=attempt.pk, provider_ref__in=["", ref])
    return bool(mine.exclude(provider_ref=GIVEN_UP).update(provider_ref=ref, method=method))


def _never_begins(attempt: PaymentAttempt) -> bool:
    """Whether nothing was, and nothing can be, charged: `_begin` and this exclude each other."""
    unnamed = PaymentAttempt.objects.filter(pk=attempt.pk, provider_ref="")
    given_up = bool(unnamed.update(provider_ref=GIVEN_UP))
    attempt.refresh_from_db()
    return given_up or attempt.provider_ref == GIVEN_UP


def _locked(attempt_id: int) -> tuple[Order, PaymentAttempt]:
    """The order's row lock serialises everything that settles one of its payments."""
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    attempt.refresh_from_db()
    return order, attempt


def _settle(attempt: PaymentAttempt, state: str, settlement: Settlement) -> None:
    attempt.state, attempt.settled_at = state, datetime.now(UTC)
    attempt.reason, attempt.card = settlement.reason[:200], settlement.card
    attempt.provider_ref = settlement.ref or attempt.provider_ref
    attempt.save()


def _close(order_id: int, state: str, *, by: str, reason: str) -> Order:
    order = Order.objects.select_for_update().get(pk=order_id)
    order.move_to(state)
    order.closed_at = datetime.now(UTC)
    order.closed_by, order.closed_reason = by, reason
    order.save(update_fields=["state", "closed_at", "closed_by", "closed_reason"])
    return order
