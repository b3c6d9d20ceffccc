"""Returns, and what they speak for."""

from collections import Counter

from django.db.models import Q, QuerySet

from orders.models import Return, ReturnLine


def return_by_id(return_id: int) -> Return:
    """A return with its order: its name is made of both."""
    return Return.objects.select_related("order").get(pk=return_id)


def returns_of(order_id: int) -> QuerySet[Return]:
    """Every return of an order with what it is about, the first first."""
    found = Return.objects.filter(order=order_id).select_related("order").order_by("id")
    return found.prefetch_related("lines__line")


def spoken_for_by_returns(order_id: int) -> Counter[tuple[int, int]]:
    """By return and line: how many are to come back, or came, of those that are open.

    So does what is here, and was settled without a refund that names it.
    """
    is_here = Q(returned__state=Return.State.CLOSED, returned__arrived_at__isnull=False)
    is_open = Q(returned__state__in=Return.OPEN) | is_here
    rows = ReturnLine.objects.filter(is_open, returned__order=order_id)
    found: Counter[tuple[int, int]] = Counter()
    for row in rows.select_related("returned"):
        has_come = row.returned.arrived_at is not None
        found[row.returned_id, row.line_id] = row.arrived if has_come else row.quantity
    return found
