"""From a basket to a paid order: record, charge, record. Everything else happens afterwards.

With real Stripe keys the page would use Stripe's own Payment Element, which gives the browser a
payment method's id; that id is all that ever reaches us, as the sandbox's test methods do here.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import structlog
from django.db import Error, transaction

from deferral.crashpoints import crashpoint
from deferral.database import connections
from deferral.database.outage import is_our_outage, passes
from orders import placing, services
from orders.drafts import Draft
from orders.models import Order, PaymentAttempt
from orders.payments import at_bank, beginning, paying, trying_again
from orders.payments.provider.settlements import PaymentOutcome, Settlement
from shop import stock
from shop.access import return_address
from shop.turns import turn

log = structlog.get_logger(__name__)

# So long can an order be paid again whose payment failed while nobody watched.
KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkout:
    """What came of it. `repeated`: the same form was sent before, and its order goes its way.

    `free`: there was nothing to pay, and everything else follows.
    """

    order: Order
    outcome: PaymentOutcome | Literal["free", "repeated"]
    reason: str = ""
    wait: float = 0.0


def check_out(*, draft: Draft, method: str) -> Checkout:
    """Order the basket and charge the card.

    Safe to repeat with the same `checkout_key`, also at the same time: one order, one charge.
    OutOfStock, CheckoutKeyReused, NotPayable and TooBusy leave nothing behind. No transaction and
    no connection waits for the charge. If we die on the way, the stale attempt is found and pushed
    on; so it is when the database fails on the way, and then the outcome is unknown. While the
    provider's breaker is open the order is held, its stock too: worth repeating. What costs nothing
    is ordered at once: the provider hears nothing of it.
    """
    with turn({line.sku for line in draft.lines}):
        if not draft.total_cents:
            order, is_new = place_free(draft)
            return Checkout(order=order, outcome="free" if is_new else "repeated")
        order, attempt, is_new = place(draft, method=method)
    try:
        return _pay(order, attempt, is_new=is_new, method=method)
    except Error as error:
        if not passes(error):
            raise
        log.warning("outcome_not_recorded", order=order.number, error=str(error))
        if is_our_outage(error):
            connections.drop_sessions()
        return Checkout(order=order, outcome="unknown")


def _pay(order: Order, attempt: PaymentAttempt, *, is_new: bool, method: str) -> Checkout:
    if not is_new and not beginning.take_up(attempt_id=attempt.pk, method=method):
        return Checkout(order=order, outcome="repeated")
    crashpoint("order_placed")
    settlement = paying.pay(attempt_id=attempt.pk, method=method)
    if settlement.outcome == "held":
        return Checkout(order=order, outcome="held", wait=settlement.wait)
    record_outcome(attempt_id=attempt.pk, settlement=settlement)
    crashpoint("outcome_recorded")
    return Checkout(order=order, outcome=settlement.outcome, reason=settlement.reason)


@transaction.atomic
def place(draft: Draft, *, method: str = "") -> tuple[Order, PaymentAttempt, bool]:
    """Order, reservation and attempt: all or nothing. False when they were there before.

    With `method` whoever finds the attempt may push it on, should we die.
    """
    order, attempt = placing.place_order(draft=draft)
    is_new = not order.reservations.exists()
    if is_new:
        stock.reserve(order=order)
        beginning.prepare(attempt_id=attempt.pk, method=method, return_url=return_address(order))
        crashpoint("order_written")
    return order, attempt, is_new


@transaction.atomic
def place_free(draft: Draft) -> tuple[Order, bool]:
    """Order, stock and the event that a payment would have announced: all or nothing."""
    order, is_new = placing.place_free_order(draft=draft)
    if is_new:
        stock.reserve(order=order)
        order = services.mark_free(order_id=order.pk)
        stock.commit(order_id=order.pk)
    return order, is_new


@transaction.atomic
def record_outcome(
    *, attempt_id: int, settlement: Settlement, keep: bool = False, tell: bool = False
) -> None:
    """Settle the attempt, the order and its stock together, whoever learnt of it. Safe to repeat.

    `unknown` keeps the stock: it may well have been charged. `keep` keeps it after a failure, so
    that the order can be paid again; `tell` has the customer told by mail.
    """
    match settlement.outcome:
        case "captured":
            order = services.mark_paid(attempt_id=attempt_id, settlement=settlement)
            if order.state == Order.State.PAID:
                stock.commit(order_id=order.pk)
        case "bank" if settlement.url:
            at_bank.mark_at_bank(attempt_id=attempt_id)
        case "unknown" | "bank":
            services.mark_unknown(attempt_id=attempt_id)
        case "failed" | "unavailable" | "refused":
            _record_failure(attempt_id, settlement, keep=keep, tell=tell)


def _record_failure(attempt_id: int, settlement: Settlement, *, keep: bool, tell: bool) -> None:
    how_long = KEPT_FOR if keep else None
    order = services.mark_failed(
        attempt_id=attempt_id, settlement=settlement, keep=how_long, tell=tell
    )
    if order.state == Order.State.PAYMENT_FAILED and not order.can_pay_again:
        stock.release(order_id=order.pk)


@transaction.atomic
def let_go(*, order_id: int) -> None:
    """Give back what was kept for a customer who did not pay again in time. Safe to repeat."""
    if trying_again.let_go(order_id=order_id):
        stock.release(order_id=order_id)
