"""From a basket to a paid order: record, charge, record. Everything else happens afterwards.

With real Stripe keys the page would use Stripe's own Payment Element, which gives the browser a
payment method's id; that id is all that ever reaches us, as the sandbox's test methods do here.
"""

from dataclasses import dataclass
from typing import Literal

import structlog
from django.db import Error, transaction

from deferral import connections
from deferral.crashpoints import crashpoint
from deferral.outage import is_our_outage, passes
from orders import paying, placing, services
from orders.drafts import Draft
from orders.gateway import Settlement
from orders.models import Order, PaymentAttempt
from shop import stock
from shop.turns import turn

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkout:
    """What came of it. `repeated`: the same form was sent before, and its order goes its way.

    `free`: there was nothing to pay, and everything else follows.
    """

    order: Order
    outcome: Literal[
        "captured", "failed", "unknown", "unavailable", "refused", "held", "free", "repeated"
    ]
    reason: str = ""
    wait: float = 0.0


def check_out(*, draft: Draft, method: str) -> Checkout:
    """Order the basket and charge the card.

    Safe to repeat with the same `checkout_key`, also at the same time: one order, one charge.
    OutOfStock, CheckoutKeyReused, NotPayable and TooBusy leave nothing behind. No transaction and
    no connection waits for the charge. If we die on the way, the stale attempt is found and the
    provider is asked; so it is when the database fails on the way, and then the outcome is unknown.
    While the provider's breaker is open the order is held, its stock too: worth repeating. What
    costs nothing is ordered at once: the provider hears nothing of it.
    """
    with turn({line.sku for line in draft.lines}):
        if not draft.total_cents:
            order, is_new = place_free(draft)
            return Checkout(order=order, outcome="free" if is_new else "repeated")
        order, attempt, is_new = place(draft)
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
    if not is_new and not paying.take_up(attempt_id=attempt.pk):
        return Checkout(order=order, outcome="repeated")
    crashpoint("order_placed")
    settlement = paying.pay(attempt_id=attempt.pk, method=method)
    if settlement.outcome == "held":
        return Checkout(order=order, outcome="held", wait=settlement.wait)
    record_outcome(attempt_id=attempt.pk, settlement=settlement)
    crashpoint("outcome_recorded")
    return Checkout(order=order, outcome=settlement.outcome, reason=settlement.reason)


@transaction.atomic
def place(draft: Draft) -> tuple[Order, PaymentAttempt, bool]:
    """Order, reservation and attempt: all or nothing. False when they were there before."""
    order, attempt = placing.place_order(draft=draft)
    is_new = not order.reservations.exists()
    if is_new:
        stock.reserve(order=order)
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
def record_outcome(*, attempt_id: int, settlement: Settlement) -> None:
    """Settle the attempt, the order and its stock together, whoever learnt of it. Safe to repeat.

    `unknown` keeps the stock: it may well have been charged.
    """
    if settlement.outcome == "unknown":
        services.mark_unknown(attempt_id=attempt_id)
        return
    if settlement.outcome == "captured":
        order = services.mark_paid(attempt_id=attempt_id, settlement=settlement)
        if order.state == Order.State.PAID:
            stock.commit(order_id=order.pk)
        return
    order = services.mark_failed(attempt_id=attempt_id, settlement=settlement)
    if order.state == Order.State.PAYMENT_FAILED:
        stock.release(order_id=order.pk)
