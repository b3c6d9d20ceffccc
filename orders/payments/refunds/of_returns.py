"""What becomes of returns when money goes back, or comes back to us.

Whoever calls holds the order's row lock, as for everything about its money.
"""

from orders.models import Order, Refund, Return
from orders.return_moves import move
from orders.selectors import in_force

State = Return.State


def is_back(refund: Refund) -> None:
    """The money is at the customer's: the return that it is for is over."""
    found = _return_of(refund)
    if found is not None and found.state == State.ARRIVED:
        move(found, State.REFUNDED, by=refund.by)


def is_here_again(refund: Refund) -> None:
    """Its bank sent the money back to us: somebody has to decide what happens instead."""
    found = _return_of(refund)
    if found is not None and found.state == State.REFUNDED:
        move(found, State.ARRIVED, by=refund.by)


def close_open(order: Order, *, by: str) -> None:
    """All the money of the order goes another way: nothing of its returns is to come any more.

    But for those whose own refund is under way.
    """
    for found in order.returns.filter(state__in=Return.OPEN):
        found.order = order
        if not in_force(found.refunds.all()):
            move(found, State.CLOSED, by=by)


def _return_of(refund: Refund) -> Return | None:
    """With the order that is locked."""
    if refund.of_return is not None:
        refund.of_return.order = refund.payment.order
    return refund.of_return
