"""Money that went back: counted, and announced of an order that it was taken for."""

from datetime import UTC, datetime

from django.db.models import Sum

from deferral.events import publish
from orders.events import OrderRefunded, PartlyRefunded
from orders.models import Order, PaymentAttempt, Refund
from orders.payments.refunds import of_returns
from orders.payments.refunds.sums import back_of
from orders.selectors import came_back_before, captured_payment


def mark_done(refund: Refund) -> None:
    """The money is back at the customer's: counted, and announced."""
    refund.state, refund.settled_at = Refund.State.DONE, datetime.now(UTC)
    refund.save(update_fields=["state", "settled_at"])
    count(refund.payment)
    of_returns.is_back(refund)
    _announce(refund.payment.order, refund.payment, refund)


def count(payment: PaymentAttempt) -> None:
    """How much went back, and what the payment is by that."""
    payment.refunded_cents = gone_of(payment)
    is_whole = payment.refunded_cents == payment.amount_cents
    payment.state = PaymentAttempt.State.REFUNDED if is_whole else PaymentAttempt.State.CAPTURED
    payment.save(update_fields=["refunded_cents", "state"])


def gone_of(payment: PaymentAttempt) -> int:
    """How many cents of it went back, by what is recorded."""
    done = payment.refunds.filter(state=Refund.State.DONE)
    return done.aggregate(cents=Sum("amount_cents"))["cents"] or 0


def _announce(order: Order, payment: PaymentAttempt, refund: Refund) -> None:
    if order.state not in {Order.State.PAID, Order.State.CANCELLED}:
        return  # there is nothing to give back but the money
    if payment != captured_payment(order.pk):
        return  # the order was paid by another
    fact: OrderRefunded | PartlyRefunded
    is_spent = payment.state == PaymentAttempt.State.REFUNDED
    if is_spent:
        of_returns.close_open(order, by=refund.by)
    if not is_spent or not back_of(order.pk).is_all:
        fact = PartlyRefunded(order_id=order.pk, refund_id=refund.pk)
    else:
        order.move_to(Order.State.REFUNDED)
        order.refunded_at = refund.settled_at
        order.closed_at = order.closed_at or order.refunded_at
        if not order.is_closing:
            order.closed_by, order.closed_reason = refund.by, refund.reason
        order.save(
            update_fields=["state", "closed_at", "refunded_at", "closed_by", "closed_reason"]
        )
        again = refund.tag if came_back_before(order.pk, refund.pk) else ""
        fact = OrderRefunded(order_id=order.pk, refund_id=refund.pk, again=again)
    publish(fact, subject=order.subject)
