"""What of an order went back, or is about to: its money, and the lines that were named for it.

From the decision on nobody has both the money and the goods. A refund that is refused, fails or is
given up stands no more, and what it named is the customer's again: unless it had succeeded before.
By then its goods were sold again, and may be somebody else's; they stay given up, and staff, who
are told that the money came back, give it back as an amount, or find the customer something else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from orders.models import Order, OrderLine, Refund, RefundLine
from orders.pieces import Piece
from orders.selectors import in_force, refunds_of_purchase


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """So much of one line; `pieces` says which, where each is one of its own."""

    quantity: int = 0
    pieces: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Back:
    """Cents that are `gone` and that are `coming`, and by line what they are for.

    `is_spent`: nothing of its money stays. `is_all`: so that all of the order is void. It is not
    where the last of it went back for a return, and the customer keeps something beside that.
    """

    gone: int = 0
    coming: int = 0
    is_spent: bool = False
    is_all: bool = False
    lines: Mapping[int, Returned] = field(default_factory=dict)

    def of(self, line: OrderLine) -> Returned:
        """What of this line goes back; of most, nothing."""
        return self.lines.get(line.pk, NOTHING)

    def ends_documents(self, lines: Iterable[OrderLine]) -> bool:
        """Whether a ticket or a download of these lines is worth nothing any more.

        What is carried has no paper that could be.
        """
        written = (line for line in lines if not line.is_shipped)
        return any(self.is_all or self.of(line).quantity for line in written)

    def voids(self, line: OrderLine, piece: int) -> bool:
        """Whether this numbered piece is worth nothing any more."""
        return self.is_all or piece in self.of(line).pieces


NOTHING = Returned()


def back_of(order_id: int) -> Back:
    """As it stands now. One query for an order of which nothing goes back.

    By the payment that paid it: one that came too late goes back, and leaves the order as it is.
    """
    refunds = refunds_of_purchase(order_id)
    stand = in_force(refunds)
    lines = _by_line(stand, [one for one in refunds if one.came_back_at])
    if not stand:
        return Back(lines=lines)
    gone = sum(one.amount_cents for one in stand if one.state == Refund.State.DONE)
    total = sum(one.amount_cents for one in stand)
    is_spent = total >= stand[0].payment.amount_cents
    return Back(
        gone=gone,
        coming=total - gone,
        is_spent=is_spent,
        is_all=is_spent and not (stand[-1].of_return_id and _keeps_some(order_id, lines)),
        lines=lines,
    )


def _keeps_some(order_id: int, back: Mapping[int, Returned]) -> bool:
    """Whether anything of it is still the customer's, by what refunds were for: of a paid order."""
    lines = OrderLine.objects.filter(order=order_id, order__state=Order.State.PAID)
    return any(line.quantity > back.get(line.pk, NOTHING).quantity for line in lines)


def kept_by_customer(order_id: int) -> Counter[str]:
    """By article number, what was paid back and does not come back: it is not sold again."""
    stand = in_force(refunds_of_purchase(order_id))
    rows = RefundLine.objects.filter(refund__in=stand, to_stock=False).select_related("line")
    found: Counter[str] = Counter()
    for row in rows if stand else ():
        found[row.line.sku] += row.quantity
    return found


def named(refund: Refund) -> list[RefundLine]:
    """What a refund is for: each line once, whether it is sold again or not. Not to be saved."""
    whole: dict[int, RefundLine] = {}
    for row in refund.lines.select_related("line"):
        first = whole.setdefault(row.line_id, row)
        if first is not row:
            first.quantity += row.quantity
            first.pieces = [*first.pieces, *row.pieces]
    return [*whole.values()]


def sold_again(refund: Refund) -> QuerySet[RefundLine]:
    """What a refund was for that came back, and stays given up all the same."""
    return RefundLine.objects.filter(refund=refund, to_stock=True).select_related("line")


def void_lines(order_id: int) -> list[RefundLine]:
    """Everything that was named for its refunds and is the customer's no more, as said above."""
    refunds = refunds_of_purchase(order_id)
    return _void(in_force(refunds), [one for one in refunds if one.came_back_at])


def _void(stand: Sequence[Refund], came_back: Sequence[Refund]) -> list[RefundLine]:
    void = Q(refund__in=stand) | Q(refund__in=came_back, to_stock=True)
    rows = RefundLine.objects.filter(void).select_related("refund")
    return list(rows) if stand or came_back else []


def _by_line(stand: Sequence[Refund], came_back: Sequence[Refund]) -> dict[int, Returned]:
    found: dict[int, Returned] = {}
    for row in _void(stand, came_back):
        before = found.get(row.line_id, NOTHING)
        found[row.line_id] = Returned(
            quantity=before.quantity + row.quantity, pieces=before.pieces | {*row.pieces}
        )
    return found


def void_pieces(order: Order, back: Back | None = None) -> set[Piece]:
    """Those of its numbered pieces that are worth nothing: all of an order that is not paid."""
    lines = [line for line in order.lines.all() if line.has_numbers]
    every = {(line.pk, piece): line for line in lines for piece in line.numbers}
    if order.state != Order.State.PAID:
        return set(every)
    back = back or back_of(order.pk)
    return {key for key, line in every.items() if back.voids(line, key[1])}
