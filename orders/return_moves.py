"""A return comes to another state: under its order's lock, and written down with it."""

from typing import Any

from django.db.models.functions import Now

from audit.keys import entry_key
from audit.services import record
from orders.models import Order, Return

State = Return.State
# Nothing of it is to come any more.
ENDS = {State.REFUSED, State.WITHDRAWN, State.REFUNDED, State.CLOSED}


def locked_return(return_id: int) -> Return:
    """As it is now, with its order, whose row lock serialises everything about it."""
    which = Return.objects.values_list("order_id", flat=True).get(pk=return_id)
    order = Order.objects.select_for_update().get(pk=which)
    found = Return.objects.get(pk=return_id)
    found.order = order
    return found


def move(found: Return, state: str, *, by: str, **facts: Any) -> None:
    """Take a transition of its table, with what is known by that. NotAllowed otherwise.

    In the transaction of whoever holds its order.
    """
    found.check_move(state)
    found.state = state
    for name, value in facts.items():
        setattr(found, name, value)
    found.settled_at = Now() if state in ENDS else None
    found.moves += 1
    found.save()
    write_down(found, f"return_{state}", by=by)


def write_down(found: Return, action: str, *, by: str) -> None:
    """In the audit log: who, and how many of what it is about by now."""
    order, lines = found.order, found.lines.select_related("line")
    has_come = found.arrived_at is not None
    record(
        key=entry_key(action, f"{order.reference}:{found.tag}:{found.moves}"),
        action=action,
        subject=order.subject,
        reference=order.reference,
        actor=by,
        at=Now(),
        detail={
            "return": found.name,
            "lines": {one.line.sku: one.arrived if has_come else one.quantity for one in lines},
        },
    )
