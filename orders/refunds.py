"""Money on its way back: the provider first, our books with the job's `done`."""

import stripe

from deferral.errors import Bury, Retry
from deferral.tasks import finishing
from orders import gateway, services
from orders.gateway import REFUSED
from orders.selectors import captured_payment


def refund_payment(*, order_id: int, key: str) -> None:
    """Give the whole payment back. Retry when the provider is away, Bury when it refuses."""
    attempt = captured_payment(order_id)
    if attempt is None:
        raise Bury("no money of this order was ever captured")
    try:
        gateway.refund(
            key=key,
            ref=attempt.provider_ref,
            order=attempt.order.number,
            amount_cents=attempt.amount_cents,
        )
    except stripe.StripeError as error:
        reason = f"the payment provider: {error.user_message or type(error).__name__}"
        raise (Bury(reason) if error.http_status in REFUSED else Retry(reason)) from error
    with finishing():
        services.mark_refunded(attempt_id=attempt.pk)
