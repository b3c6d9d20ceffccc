"""Money that the provider took, beside the money that was asked for."""

from orders.models import Order, PaymentAttempt
from orders.payments.provider.settlements import Settlement


def what_does_not_fit(order: Order, attempt: PaymentAttempt, settlement: Settlement) -> str:
    """How what was captured differs from what was asked for; empty when it is the same.

    By what the provider says of it, where it says it.
    """
    if settlement.cents not in {None, attempt.amount_cents}:
        return f"{settlement.cents} cents were captured where {attempt.amount_cents} were asked for"
    if settlement.currency not in {"", order.currency}:
        return f"{settlement.currency} was captured where {order.currency} was asked for"
    if settlement.order not in {"", order.reference}:
        return f"the payment is for {settlement.order}"
    return ""
