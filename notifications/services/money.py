"""Telling customers of their money. Nothing is sent that is not so any more."""

import structlog

from notifications import messages
from notifications.delivery import deliver
from orders.models import Order, PaymentAttempt, Refund
from orders.selectors import order_by_id

log = structlog.get_logger(__name__)


def send_cancellation(*, order_id: int, key: str) -> None:
    """Tell the customer that the order was called off."""
    order = order_by_id(order_id)
    deliver(messages.cancellation(order, key=key), order.subject)


def send_refund(*, order_id: int, refund_id: int, key: str) -> None:
    """Tell the customer that money went back: all of it, or a part.

    Nothing when it came back to us meanwhile: another mail says so.
    """
    order = order_by_id(order_id)
    refund = Refund.objects.get(pk=refund_id)
    if refund.state != Refund.State.DONE:
        log.info("mail_not_sent", key=key, order=order.number, reason=f"it {refund.state}")
        return
    deliver(messages.refund(order, refund, key=key), order.subject)


def tell_of_return(*, refund_id: int, staff: bool, key: str) -> None:
    """Tell the customer, or the staff, that money which had gone back came back to us."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    order = order_by_id(refund.payment.order_id)
    message = messages.came_to_nothing if staff else messages.came_back
    deliver(message(order, refund, key=key), order.subject)


def send_payment_failed(*, attempt_id: int, key: str) -> None:
    """Tell the customer that no money came. Nothing when they know, or have begun to pay again."""
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    order = order_by_id(attempt.order_id)
    is_last = order.payments.last() == attempt
    if order.state != Order.State.PAYMENT_FAILED or not is_last:
        log.info("mail_not_sent", key=key, order=order.number, reason="it is being paid again")
        return
    deliver(messages.payment_failed(order, reason=attempt.reason, key=key), order.subject)


def tell_of_late_money(*, order_id: int, staff: bool, key: str) -> None:
    """Tell the customer, or the staff, that money came too late and goes back."""
    order = order_by_id(order_id)
    message = messages.to_staff if staff else messages.too_late
    deliver(message(order, key=key), order.subject)
