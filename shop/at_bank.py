"""A customer whose bank asks them first (3-D Secure): where to send them, and what came of it.

Nothing that a browser brings back is believed: the provider is asked.
"""

import structlog

from deferral.crashpoints import crashpoint
from deferral.errors import ServiceAway
from orders.errors import PaymentUnavailable
from orders.models import Order, PaymentAttempt
from orders.payments import pursuing
from orders.payments.provider.settlements import Settlement
from shop.checkout import record_outcome

log = structlog.get_logger(__name__)

ASKED_ABOUT = (PaymentAttempt.State.AT_BANK, PaymentAttempt.State.UNKNOWN)


def look_again(order: Order) -> Settlement | None:
    """Ask what became of its last attempt, and record it; its customer reads the page next.

    None where there is nothing to ask about, or nobody to ask at the moment. Safe to repeat.
    """
    attempt = order.payments.last()
    if attempt is None or attempt.state not in ASKED_ABOUT:
        return None
    try:
        settlement = pursuing.ask_provider(attempt_id=attempt.pk)
    except (PaymentUnavailable, ServiceAway) as error:
        log.warning("bank_not_asked_about", order=order.number, reason=str(error))
        return None
    crashpoint("back_from_bank")
    if settlement is not None:
        record_outcome(attempt_id=attempt.pk, settlement=settlement, keep=True)
    return settlement


def page_for(order: Order) -> str:
    """The bank's page, asked for each time: it holds a secret, and is kept nowhere. Else empty."""
    settlement = look_again(order)
    return settlement.url if settlement and settlement.outcome == "bank" else ""
