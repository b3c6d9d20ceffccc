"""Money on its way back: the provider first, our books with the job's `done`."""

import stripe
import structlog

from deferral.breakers import Call
from deferral.crashpoints import crashpoint
from deferral.errors import Bury, Retry
from deferral.tasks import finishing
from orders import gateway, services
from orders.gateway import REFUSED
from orders.paying import asking_provider, tell_breaker
from orders.selectors import captured_payment

log = structlog.get_logger(__name__)

# It went back already: our commit was lost and the provider has forgotten our key since (Stripe
# keeps keys for a day), or somebody did it in the provider's own dashboard.
ALREADY_REFUNDED = "charge_already_refunded"


def refund_payment(*, order_id: int, key: str) -> None:
    """Give the whole payment back. Retry when the provider is away, Bury when it refuses.

    What the provider says it has given back already is written down as refunded.
    """
    attempt = captured_payment(order_id)
    if attempt is None:
        raise Bury("no money of this order was ever captured")
    with asking_provider() as call:
        try:
            gateway.refund(
                key=key,
                ref=attempt.provider_ref,
                order=attempt.order.number,
                amount_cents=attempt.amount_cents,
            )
        except stripe.StripeError as error:
            if error.code != ALREADY_REFUNDED:
                raise _outcome(error, call) from error
            log.info("refund_was_made_before", order=attempt.order.number)
    crashpoint("refund_accepted")
    with finishing():
        services.mark_refunded(attempt_id=attempt.pk)


def _outcome(error: stripe.StripeError, call: Call) -> Bury | Retry:
    reason = f"the payment provider: {error.user_message or type(error).__name__}"
    trouble = gateway.trouble_of(error)
    tell_breaker(call, trouble)
    return Bury(reason) if error.http_status in REFUSED else Retry(reason, after=trouble.wish)
