"""Paying an order whose payment failed, or waits at the bank, with another attempt.

Two attempts of one order never both charge: all earlier ones are called off at the provider, with
certainty, before the next is begun.
"""

from deferral.crashpoints import crashpoint
from deferral.errors import ServiceAway
from orders.errors import NotPayableNow, PaymentUnavailable
from orders.models import Order, PaymentAttempt
from orders.payments import beginning, paying, pursuing, trying_again
from shop.checkout import Checkout, record_outcome
from shop.settlement import NEVER_TRIED

State = PaymentAttempt.State
# Whoever waits for these waits for somebody at work, and must not pay beside them.
UNDER_WAY = {State.REQUESTED, State.UNKNOWN, State.HELD}
TAKEN = {State.CAPTURED, State.REFUNDED}


def may_be_paid(order: Order) -> bool:
    """Whether its customer may try another card now."""
    last = order.payments.last()
    is_at_bank = last is not None and last.state == State.AT_BANK
    return order.can_pay_again or is_at_bank


def pay_again(*, order_id: int, method: str) -> Checkout:
    """Call off what was tried before, then charge. NotPayableNow when it is paid, or under way.

    Safe to press twice: the second finds it under way. While the provider is away nothing is begun.
    """
    try:
        ended = call_off_earlier(order_id)
    except ServiceAway as away:
        return Checkout(order=_order(order_id), outcome="held", wait=away.seconds)
    except PaymentUnavailable:
        return Checkout(order=_order(order_id), outcome="unavailable")
    crashpoint("earlier_called_off")
    attempt = trying_again.begin_again(order_id=order_id, ended=ended, method=method)
    crashpoint("tried_again")
    settlement = paying.pay(attempt_id=attempt.pk, method=method)
    if settlement.outcome == "held":
        beginning.give_up(attempt_id=attempt.pk)
        record_outcome(attempt_id=attempt.pk, settlement=NEVER_TRIED, keep=True)
    else:
        record_outcome(attempt_id=attempt.pk, settlement=settlement, keep=True)
    return Checkout(
        order=_order(order_id),
        outcome=settlement.outcome,
        reason=settlement.reason,
        wait=settlement.wait,
    )


def call_off_earlier(order_id: int) -> set[int]:
    """Every attempt so far: none can charge any more. NotPayableNow, PaymentUnavailable."""
    if not may_be_paid(_order(order_id)):
        raise NotPayableNow
    ended = set()
    for attempt in PaymentAttempt.objects.filter(order=order_id).order_by("id"):
        if attempt.state in UNDER_WAY | TAKEN:
            raise NotPayableNow
        found = pursuing.call_off(beginning.attempt_by_id(attempt.pk))
        if found is None:
            raise PaymentUnavailable
        record_outcome(attempt_id=attempt.pk, settlement=found, keep=True)
        if found.outcome == "captured":
            raise NotPayableNow
        ended.add(attempt.pk)
    return ended


def _order(order_id: int) -> Order:
    return Order.objects.get(pk=order_id)
