"""What staff decide about a return before it has arrived."""

from django.db import transaction
from django.db.models.functions import Now

from deferral.errors import NotAllowed
from deferral.events import publish
from orders.models import Order, Return
from orders.payments.refunds.sums import back_of
from orders.return_events import ReturnApproved, ReturnRefused
from orders.return_moves import locked_return, move

NOTHING_LEFT = "The money for it went back, or is on its way: refuse it, and say so."
FEWER = "Of {line} no more than {left} is left: money went back meanwhile. Refuse it, and say so."


@transaction.atomic
def approve_return(*, return_id: int, by: str, reason: str) -> Return:
    """Let it be sent; `reason` is what its customer reads besides, if anything. NotAllowed."""
    found = locked_return(return_id)
    _check_left(found)
    move(found, Return.State.APPROVED, by=by, answer=reason, decided_at=Now())
    order = found.order
    publish(ReturnApproved(order_id=order.pk, return_id=found.pk), subject=order.subject)
    return found


@transaction.atomic
def refuse_return(*, return_id: int, by: str, reason: str) -> Return:
    """Do not take it back, and say why. What was approved may be refused until it is here, too.

    NotAllowed.
    """
    found = locked_return(return_id)
    move(found, Return.State.REFUSED, by=by, answer=reason, decided_at=Now())
    order = found.order
    publish(ReturnRefused(order_id=order.pk, return_id=found.pk), subject=order.subject)
    return found


def _check_left(found: Return) -> None:
    """NotAllowed where money for what it is about went back meanwhile, or is about to."""
    back = back_of(found.order_id)
    if found.order.state != Order.State.PAID or back.is_spent:
        raise NotAllowed(NOTHING_LEFT)
    for one in found.lines.select_related("line"):
        left = one.line.quantity - back.of(one.line).quantity
        if one.quantity > left:
            raise NotAllowed(FEWER.format(line=one, left=left) if left > 0 else NOTHING_LEFT)
