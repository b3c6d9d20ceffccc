"""What staff decide about a return before it has arrived."""

from django.db import transaction
from django.db.models.functions import Now

from deferral.events import publish
from orders.models import Return
from orders.return_events import ReturnApproved, ReturnRefused
from orders.return_moves import locked_return, move


@transaction.atomic
def approve_return(*, return_id: int, by: str, reason: str) -> Return:
    """Let it be sent; `reason` is what its customer reads besides, if anything. NotAllowed."""
    found = locked_return(return_id)
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
