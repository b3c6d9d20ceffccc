"""A customer asks to send goods back, and may think better of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from audit.models import AuditEntry
from deferral.crashpoints import crashpoint
from deferral.errors import NotAllowed
from deferral.events import publish
from orders.models import Order, Return, ReturnLine
from orders.return_events import ReturnAsked
from orders.return_moves import locked_return, move, write_down
from orders.returns.offering import Offer, offer_of

# Of one order, whatever became of them: each is read with its page.
MOST = 20
TOO_MANY = f"{MOST} returns were asked for of this order: write to us, and we see to what is left."
NOTHING = "Choose what you send back."
FEWER = "Of {title} {most} can be sent back: look at it once more."
UNDER_WAY = "It has arrived here, or was decided about meanwhile: it cannot be withdrawn any more."


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """How many of each line, by its key, and why."""

    quantities: Mapping[int, int]
    reason: str
    words: str = ""


@transaction.atomic
def ask_return(*, order_id: int, key: UUID, asked: Asked) -> Return:
    """Write down what the customer wants to send back, with the event. NotAllowed.

    Safe to repeat: `key` is of the form. Under the order's lock, so that of two forms that are sent
    at once no more of a line comes back than was bought.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if before := order.returns.filter(asked_key=key).first():
        return before
    if order.returns.count() >= MOST:
        raise NotAllowed(TOO_MANY)
    _check(offer_of(order), asked.quantities)
    found = Return.objects.create(
        order=order, asked_key=key, reason=asked.reason, words=asked.words
    )
    ReturnLine.objects.bulk_create(
        ReturnLine(returned=found, line_id=line_id, quantity=quantity)
        for line_id, quantity in asked.quantities.items()
    )
    write_down(found, "return_asked", by=AuditEntry.CUSTOMER)
    publish(ReturnAsked(order_id=order.pk, return_id=found.pk), subject=order.subject)
    crashpoint("return_asked")
    return found


@transaction.atomic
def withdraw_return(*, return_id: int) -> Return:
    """Its customer keeps the goods. Again: nothing changes. NotAllowed once it is here."""
    found = locked_return(return_id)
    if found.state == Return.State.WITHDRAWN:
        return found
    if Return.State.WITHDRAWN not in Return.TRANSITIONS.get(found.state, ()):
        raise NotAllowed(UNDER_WAY)
    move(found, Return.State.WITHDRAWN, by=AuditEntry.CUSTOMER)
    return found


def _check(offer: Offer, quantities: Mapping[int, int]) -> None:
    if offer.hindrance:
        raise NotAllowed(offer.hindrance)
    if not quantities:
        raise NotAllowed(NOTHING)
    most = {one.line.pk: one.most for one in offer.lines}
    titles = {one.line.pk: one.line.title for one in offer.lines}
    for line_id, quantity in quantities.items():
        if not 0 < quantity <= most.get(line_id, 0):
            title = titles.get(line_id, "this order")
            raise NotAllowed(FEWER.format(title=title, most=most.get(line_id, 0) or "none"))
