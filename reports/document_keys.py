"""What an order's documents are called: the keys of the jobs that write them.

Each holds the order's reference, so that none stands for two documents, in whatever database.
"""

from collections.abc import Iterator

from orders.models import Order, OrderLine


def receipt_key(reference: str) -> str:
    """The receipt's."""
    return f"receipt:{reference}"


def ticket_key(reference: str, line_id: int, position: int) -> str:
    """One ticket's; `position` counts from 1 within its line."""
    return f"ticket:{reference}:{line_id}:{position}"


def ticket_seats(order: Order) -> Iterator[tuple[int, int]]:
    """(line, position) of every seat of the order."""
    for line in order.lines.all():
        if line.kind == OrderLine.Kind.TICKET:
            yield from ((line.pk, position) for position in range(1, line.quantity + 1))


def expected_keys(order: Order) -> list[str]:
    """Every document the order must get."""
    tickets = (ticket_key(order.reference, *seat) for seat in ticket_seats(order))
    return [receipt_key(order.reference), *tickets]
