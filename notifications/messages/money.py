"""What a customer is told of money: it did not come, came too late, went back, came back to us."""

from notifications.gateway import Mail
from notifications.messages.rendering import order_mail
from orders.models import Order, Refund
from orders.payments.refunds import sums
from orders.selectors import came_back_before, captured_payment
from shop.wording import euros


def cancellation(order: Order, *, key: str) -> Mail:
    """Staff called the order off. What went back before does not go back again."""
    payment = captured_payment(order.pk)
    cents = payment.amount_cents - payment.refunded_cents if payment else 0
    return order_mail(order, "cancellation", "Your order {} is cancelled", key, {"cents": cents})


def refund(order: Order, refund: Refund, *, key: str) -> Mail:
    """Money went back: all of it, or a part."""
    cents = refund.amount_cents
    is_part = cents < order.total_cents
    named = sums.named(refund)
    context = {
        "cents": cents,
        "is_part": is_part,
        "is_all": order.state == Order.State.REFUNDED,
        "named": named,
        "ends_documents": any(not one.line.is_shipped for one in named),
    }
    part = f"of {euros(cents)} " if is_part else ""
    again = ", sent again" if came_back_before(order.pk, refund.pk) else ""
    return order_mail(order, "refund", f"Your refund {part}for order {{}}{again}", key, context)


def came_back(order: Order, refund: Refund, *, key: str) -> Mail:
    """To the customer: what we had said of the money is not so any more, nor of most tickets."""
    named = refund.lines.select_related("line") if order.state == Order.State.PAID else ()
    context = {"refund": refund, "valid_again": [one for one in named if not one.to_stock]}
    return order_mail(
        order, "refund_came_back", "Your refund for order {} did not arrive", key, context
    )


def too_late(order: Order, *, key: str) -> Mail:
    """The money came after the order had failed, and goes back."""
    return order_mail(order, "too_late", "Your payment for order {} goes back", key, {})


def payment_failed(order: Order, *, reason: str, key: str) -> Mail:
    """No money came, and its customer was not there to read so: how to pay again, until when."""
    context = {"reason": reason, "again": order.can_pay_again}
    return order_mail(
        order, "payment_failed", "Your payment for order {} did not go through", key, context
    )
