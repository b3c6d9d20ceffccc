"""Money that stays, or is here again: what was said of it is put right."""

from datetime import UTC, datetime

from deferral.events import publish
from orders.events import OrderNotRefunded, RefundCameBack, RefundRefused
from orders.models import Order, Refund
from orders.payments.refunds import of_returns
from orders.payments.refunds.done import count
from orders.selectors import captured_payment


def undo(refund: Refund, state: str, why: str) -> None:
    """The money stays, or is here again."""
    was_done, now = refund.state == Refund.State.DONE, datetime.now(UTC)
    refund.state, refund.refusal = state, why[:300]
    refund.settled_at = refund.settled_at or now
    refund.came_back_at = now if was_done else None
    refund.save(update_fields=["state", "refusal", "settled_at", "came_back_at"])
    order, fact = refund.payment.order, RefundCameBack if was_done else RefundRefused
    if was_done:
        count(refund.payment)
        of_returns.is_here_again(refund)
    _reopen(order, refund)
    publish(fact(order_id=order.pk, refund_id=refund.pk), subject=order.subject)


def _reopen(order: Order, refund: Refund) -> None:
    """All of it is not going back any more. What a refunded order was for stays given up.

    Nothing where another payment has paid it.
    """
    if refund.payment != captured_payment(order.pk):
        return
    if order.state == Order.State.PAID:
        order.closed_by = order.closed_reason = ""
    elif order.state == Order.State.REFUNDED:
        order.was_not_refunded()
    order.save(update_fields=["state", "refunded_at", "closed_by", "closed_reason"])
    if refund.came_back_at and order.state != Order.State.PAYMENT_FAILED:
        fact = OrderNotRefunded(order_id=order.pk, again=refund.tag)
        publish(fact, subject=order.subject)
