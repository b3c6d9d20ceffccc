"""Who may write a review: whoever opens an order's page, of what they paid for and kept."""

from orders.models import Order, OrderLine
from orders.payments.refunds.sums import Back
from shop.models import Product

NOT_KEPT = "Only what was paid for, and was not given back, can be reviewed."
NOT_SOLD = "We do not have this any more, so it cannot be reviewed."
TOO_EARLY = "You can review this once the evening has begun."


def hindrance(order: Order, line: OrderLine, product: Product | None, back: Back) -> str:
    """Why this line cannot be reviewed now, in a sentence for its customer. Empty: it can.

    At once after the payment, also of what is still on its way: nobody here knows when it arrives.
    """
    gone = back.is_all or back.of(line).quantity >= line.quantity
    if order.state != Order.State.PAID or order.is_closing or gone:
        return NOT_KEPT
    if product is None:
        return NOT_SOLD
    if product.event_at is not None and not product.is_over:
        return TOO_EARLY
    return ""
