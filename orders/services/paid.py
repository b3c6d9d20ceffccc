"""The money is there, or none was needed; and what becomes of money that nobody waits for."""

from datetime import UTC, datetime

import structlog
from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.errors import NotAllowed
from deferral.events import publish
from orders.events import OrderPaid, PaymentTooLate, PaymentUnknown
from orders.locking import locked_attempt
from orders.models import Order, PaymentAttempt
from orders.payments.misfits import what_does_not_fit
from orders.payments.provider.settlements import Settlement
from orders.payments.refunds import decisions
from orders.services.settling import is_latest, settle

log = structlog.get_logger(__name__)

# Who decides where no person does.
NOBODY = "the shop"
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
    settle(attempt, PaymentAttempt.State.CAPTURED, settlement)
    publish(OrderPaid(order_id=order.pk), subject=order.subject)
    crashpoint("paid_written")
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
    return is_latest(order, attempt) and (order.state in waits or order.can_pay_again)


def _take_back(order: Order, attempt: PaymentAttempt, settlement: Settlement) -> Order:
    """Money that came after the order was given up."""
    settle(attempt, PaymentAttempt.State.CAPTURED, settlement)
    publish(PaymentTooLate(order_id=order.pk), subject=order.subject)
    closes = order.state == Order.State.PAYMENT_FAILED
    decisions.decide(order, attempt, by=NOBODY, reason=TOO_LATE, closes=closes)
    crashpoint("late_money_written")
    return order
