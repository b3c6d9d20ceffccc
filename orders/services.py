"""What can be done with orders. Each verb owns its transaction unless it says otherwise.

Giving money back is `payments.refunds`.
"""

from datetime import UTC, datetime, timedelta

import structlog
from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.errors import NotAllowed
from deferral.events import publish
from orders.events import (
    OrderCancelled,
    OrderPaid,
    PaymentFailed,
    PaymentTooLate,
    PaymentUnknown,
)
from orders.locking import locked_attempt
from orders.models import Order, PaymentAttempt
from orders.payments.misfits import what_does_not_fit
from orders.payments.provider.settlements import Settlement
from orders.payments.refunds import decisions
from orders.payments.refunds.choosing import check_used
from orders.selectors import captured_payment

log = structlog.get_logger(__name__)

# Who decides where no person does.
NOBODY = "the shop"
UNSETTLED = frozenset(
    {
        PaymentAttempt.State.REQUESTED,
        PaymentAttempt.State.HELD,
        PaymentAttempt.State.UNKNOWN,
        PaymentAttempt.State.AT_BANK,
    }
)
TOO_LATE = "The money came after the payment had failed."


@transaction.atomic
def mark_paid(*, attempt_id: int, settlement: Settlement) -> Order:
    """Record the payment together with the event that announces it.

    Both rows commit or neither does. A second call changes nothing and announces nothing. An order
    that had failed stays so, and the money goes back: its stock may be somebody else's by now,
    unless it is kept. So does the money of an attempt after which there was another. What is not
    the money that was asked for is not booked at all: the payment is unknown then.
    """
    order, attempt = locked_attempt(attempt_id)
    if attempt.state in {PaymentAttempt.State.CAPTURED, PaymentAttempt.State.REFUNDED}:
        return order
    if misfit := what_does_not_fit(order, attempt, settlement):
        return _doubt(order, attempt, misfit)
    if not _is_awaited(order, attempt):
        return _take_back(order, attempt, settlement)
    order.move_to(Order.State.PAID)
    order.paid_at, order.kept_until = datetime.now(UTC), None
    order.save(update_fields=["state", "paid_at", "kept_until"])
    _settle(attempt, PaymentAttempt.State.CAPTURED, settlement)
    publish(OrderPaid(order_id=order.pk), subject=order.subject)
    crashpoint("paid_written")
    return order


@transaction.atomic
def correct_email(*, order_id: int, by: str, reason: str, email: str) -> Order:
    """From now on its mails go there, replayed ones too: jobs read the order. What was sent stays.

    `email` is an address as it goes over the wire. NotAllowed where it is the order's already.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.email == email:
        raise NotAllowed("That is its address already.")
    order.email = email
    order.save(update_fields=["email"])
    log.info("email_corrected", order=order.number, by=by, reason=reason)
    return order


@transaction.atomic
def mark_free(*, order_id: int) -> Order:
    """Record that nothing has to be paid, with the event that a payment would have announced.

    A second call changes nothing and announces nothing.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.total_cents:
        msg = f"{order.number} costs {order.total_cents} cents."
        raise NotAllowed(msg)
    if order.state == Order.State.AWAITING_PAYMENT:
        order.move_to(Order.State.PAID)
        order.paid_at = datetime.now(UTC)
        order.save(update_fields=["state", "paid_at"])
        publish(OrderPaid(order_id=order.pk), subject=order.subject)
    return order


@transaction.atomic
def mark_failed(
    *, attempt_id: int, settlement: Settlement, keep: timedelta | None = None, tell: bool = False
) -> Order:
    """Record that no money came. Changes nothing a second time, or when the money is there.

    For `keep`, counted from the first failure, the order can be paid again. `tell`: its customer is
    not here to read this, and gets a mail.
    """
    order, attempt = locked_attempt(attempt_id)
    if attempt.state not in UNSETTLED:
        return order
    _settle(attempt, PaymentAttempt.State.FAILED, settlement)
    if not _is_latest(order, attempt):
        return order
    order.move_to(Order.State.PAYMENT_FAILED)
    if keep is not None:
        order.kept_until = order.kept_until or datetime.now(UTC) + keep
    order.save(update_fields=["state", "kept_until"])
    if tell:
        publish(PaymentFailed(order_id=order.pk, attempt_id=attempt.pk), subject=order.subject)
    crashpoint("failure_written")
    return order


@transaction.atomic
def mark_unknown(*, attempt_id: int) -> Order:
    """Record that nobody knows, and that somebody must ask. A second call changes nothing."""
    order, attempt = locked_attempt(attempt_id)
    if attempt.state != PaymentAttempt.State.REQUESTED:
        return order
    order.move_to(Order.State.PAYMENT_UNKNOWN)
    order.save(update_fields=["state"])
    attempt.state = PaymentAttempt.State.UNKNOWN
    attempt.save(update_fields=["state"])
    publish(PaymentUnknown(order_id=order.pk, attempt_id=attempt.pk), subject=order.subject)
    crashpoint("unknown_written")
    return order


@transaction.atomic
def cancel_order(*, order_id: int, by: str, reason: str, although_used: bool = False) -> Order:
    """Call a paid order off. What follows (stock, money, mail) is its handlers'. NotAllowed.

    Where tickets of it were used, `although_used` alone.
    """
    order = _close(order_id, Order.State.CANCELLED, by=by, reason=reason)
    if not although_used:
        check_used(order_id)
    publish(OrderCancelled(order_id=order.pk), subject=order.subject)
    payment = captured_payment(order_id)
    if payment is not None:
        decisions.decide(order, payment, by=by, reason=reason)
    return order


def _doubt(order: Order, attempt: PaymentAttempt, misfit: str) -> Order:
    """Nothing is booked; a payment that had failed stays so, and no other is begun after it."""
    log.error("payment_does_not_fit", order=order.number, reason=misfit)
    if attempt.state == PaymentAttempt.State.FAILED:
        return order
    if attempt.state != PaymentAttempt.State.UNKNOWN:
        order.move_to(Order.State.PAYMENT_UNKNOWN)
        order.save(update_fields=["state"])
        publish(PaymentUnknown(order_id=order.pk, attempt_id=attempt.pk), subject=order.subject)
    attempt.state, attempt.reason = PaymentAttempt.State.UNKNOWN, misfit[:200]
    attempt.save(update_fields=["state", "reason"])
    return order


def _is_awaited(order: Order, attempt: PaymentAttempt) -> bool:
    """Whether this attempt's money pays the order."""
    waits = {Order.State.AWAITING_PAYMENT, Order.State.PAYMENT_UNKNOWN}
    return _is_latest(order, attempt) and (order.state in waits or order.can_pay_again)


def _is_latest(order: Order, attempt: PaymentAttempt) -> bool:
    return not order.payments.filter(pk__gt=attempt.pk).exists()


def _take_back(order: Order, attempt: PaymentAttempt, settlement: Settlement) -> Order:
    """Money that came after the order was given up."""
    _settle(attempt, PaymentAttempt.State.CAPTURED, settlement)
    publish(PaymentTooLate(order_id=order.pk), subject=order.subject)
    closes = order.state == Order.State.PAYMENT_FAILED
    decisions.decide(order, attempt, by=NOBODY, reason=TOO_LATE, closes=closes)
    crashpoint("late_money_written")
    return order


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
