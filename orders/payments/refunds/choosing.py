"""For which lines money goes back: checked against what was bought, and what went back before."""

from collections.abc import Sequence
from dataclasses import dataclass

from deferral.errors import NotAllowed
from orders.models import Order, OrderLine, Refund, RefundLine
from orders.payments.refunds.sums import Back, back_of
from orders.pieces import Piece, used_pieces

GONE = "That is more than is left of {line}."
UNPAID = "Only of a paid order can lines be given back."
USED = "{which} Say that the money goes back all the same, or choose other tickets."


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """So much of a line, which pieces where they have numbers, and whether they are sold again."""

    line_id: int
    quantity: int
    pieces: tuple[int, ...] = ()
    to_stock: bool = False


def check_lines(order: Order, chosen: Sequence[Chosen]) -> None:
    """NotAllowed when any is not of this order, or went back before, or is named once too often."""
    if not chosen:
        return
    if order.state != Order.State.PAID:
        raise NotAllowed(UNPAID)
    lines, back = {line.pk: line for line in order.lines.all()}, back_of(order.pk)
    for line_id in dict.fromkeys(one.line_id for one in chosen):
        line, some = lines.get(line_id), [one for one in chosen if one.line_id == line_id]
        if line is None or not fits(some, line, back):
            raise NotAllowed(GONE.format(line=line or "this order"))


def fits(some: Sequence[Chosen], line: OrderLine, back: Back) -> bool:
    """Whether so much of the line, all that is chosen of it together, is still the customer's."""
    quantity = sum(one.quantity for one in some)
    pieces = [piece for one in some for piece in one.pieces]
    if any(one.quantity <= 0 for one in some):
        return False
    if not line.has_numbers:
        return not pieces and quantity <= line.quantity - back.of(line).quantity
    left = {*line.numbers} - back.of(line).pieces
    is_said = all(one.quantity == len(one.pieces) for one in some)
    return is_said and len({*pieces}) == len(pieces) and {*pieces} <= left


def check_used(order_id: int, among: set[Piece] | None = None) -> None:
    """NotAllowed when a piece was used: of these, or of the whole order."""
    used = used_pieces(order_id)
    found = sorted(used.keys() if among is None else used.keys() & among)
    if found:
        which = " ".join(f"Ticket {piece} was used {used[id_, piece]}." for id_, piece in found[:3])
        raise NotAllowed(USED.format(which=which))


def record_lines(refund: Refund, chosen: Sequence[Chosen]) -> None:
    """With the refund, in its transaction."""
    RefundLine.objects.bulk_create(
        RefundLine(
            refund=refund,
            line_id=one.line_id,
            quantity=one.quantity,
            pieces=sorted(one.pieces),
            to_stock=one.to_stock,
        )
        for one in chosen
    )
