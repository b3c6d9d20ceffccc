"""A return has arrived: what came is counted, and its money goes back, in one transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now

from deferral.crashpoints import crashpoint
from deferral.errors import NotAllowed
from deferral.events import publish
from orders.models import Order, Refund, RefundLine, Return, ReturnLine
from orders.payments.refunds import decisions
from orders.payments.refunds.choosing import Chosen, check_lines
from orders.return_events import ReturnArrived
from orders.return_moves import locked_return, move, write_down
from orders.selectors import captured_payment, in_force, spoken_for

NOTHING = "Nothing of it has arrived. If nothing will, refuse it and say why."
TOO_MANY = "Of {line} no more can have arrived, and no more than that can be sold again."
MONEY_GOES = "Its money is back, or on its way: it is not decided twice."


@dataclass(frozen=True, kw_only=True, slots=True)
class Came:
    """So many have arrived, and so many of those can be sold again."""

    arrived: int
    sold_again: int = 0


@transaction.atomic
def note_arrival(*, return_id: int, by: str, reason: str, came: Mapping[int, Came]) -> Return:
    """Count what came, by the keys of the return's lines, and decide its refund. NotAllowed.

    Both commit or neither does, so that nobody has to remember the second. Of two who do it at once
    one is told.
    """
    found = locked_return(return_id)
    found.check_move(Return.State.ARRIVED)
    lines = [_counted(one, came.get(one.pk)) for one in found.lines.select_related("line")]
    if not any(one.arrived for one in lines):
        raise NotAllowed(NOTHING)
    ReturnLine.objects.bulk_update(lines, ["arrived", "sold_again"])
    move(found, Return.State.ARRIVED, by=by, arrived_at=Now())
    _give_back(found, lines, by=by)
    order = found.order
    publish(ReturnArrived(order_id=order.pk, return_id=found.pk), subject=order.subject)
    crashpoint("return_arrived")
    return found


@transaction.atomic
def refund_again(*, return_id: int, by: str, reason: str, seen: int | None = None) -> Return:
    """Decide its refund in the place of one that came to nothing. NotAllowed while one stands.

    `seen` as for `request_refund`: what was given back of the order meanwhile may be for this.
    """
    found = _without_refund(return_id)
    payment = captured_payment(found.order_id)
    if seen is not None and payment is not None and seen != spoken_for(payment):
        raise NotAllowed(decisions.QUICKER)
    decisions.keep_given_up(found.refunds.all())
    found.moves += 1
    found.save(update_fields=["moves"])
    write_down(found, "return_refund_again", by=by)
    _give_back(found, list(found.lines.select_related("line")), by=by)
    return found


@transaction.atomic
def settle_otherwise(*, return_id: int, by: str, reason: str) -> Return:
    """Its money went another way: by an amount, from account to account. It is over. NotAllowed."""
    found = _without_refund(return_id)
    decisions.keep_given_up(found.refunds.all())
    move(found, Return.State.CLOSED, by=by)
    return found


def _without_refund(return_id: int) -> Return:
    """Locked; it is here, and nothing is under way of its money. NotAllowed otherwise."""
    found = locked_return(return_id)
    if not needs_refund(found):
        raise NotAllowed(MONEY_GOES)
    return found


def needs_refund(found: Return) -> bool:
    """Whether it is here, and nothing is under way of its money."""
    return found.state == Return.State.ARRIVED and not in_force(found.refunds.all())


def _counted(one: ReturnLine, came: Came | None) -> ReturnLine:
    came = came or Came(arrived=0)
    if not 0 <= came.sold_again <= came.arrived <= one.quantity:
        raise NotAllowed(TOO_MANY.format(line=one))
    one.arrived, one.sold_again = came.arrived, came.sold_again
    return one


def _give_back(found: Return, lines: Collection[ReturnLine], *, by: str) -> Refund | None:
    """What was paid for what came, or as much of it as is left of the order's money. NotAllowed."""
    order, payment = found.order, captured_payment(found.order_id)
    left = payment.amount_cents - spoken_for(payment) if payment else 0
    if payment is None or left <= 0:
        raise NotAllowed(decisions.NOTHING_LEFT)
    cents = sum(one.arrived * one.line.unit_cents for one in lines)
    chosen = _chosen(found, lines) if order.state == Order.State.PAID else []
    check_lines(order, chosen)
    return decisions.decide(
        order,
        payment,
        by=by,
        reason=f"Return {found.name}",
        cents=min(cents, left),
        lines=chosen,
        of_return=found,
    )


def _chosen(found: Return, lines: Collection[ReturnLine]) -> list[Chosen]:
    """What its refund names. What was sold again for one that came back is given up already."""
    gone = RefundLine.objects.filter(refund__of_return=found, refund__came_back_at__isnull=False)
    sold = {*gone.filter(to_stock=True).values_list("line_id", flat=True)}
    both = (
        Chosen(line_id=one.line_id, quantity=quantity, to_stock=to_stock)
        for one in lines
        for quantity, to_stock in (
            (one.sold_again if one.line_id not in sold else 0, True),
            (one.arrived - one.sold_again, False),
        )
    )
    return [one for one in both if one.quantity]
