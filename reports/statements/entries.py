"""What happened between the shop and its customers from one moment to another, read in parts.

A customer is an e-mail address, in any spelling of its letters. An order counts when it is paid, a
payment and a refund when the provider has said that the money moved.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Lower

from orders.drafts import SHIPPING_TAX_BASIS_POINTS, included_tax
from orders.models import Order, OrderLine, PaymentAttempt, Refund

Taxes = tuple[tuple[int, int, int], ...]
TAKEN = (PaymentAttempt.State.CAPTURED, PaymentAttempt.State.REFUNDED)
WENT_BACK = Q(state=Refund.State.DONE) | Q(came_back_at__isnull=False)
PAYER = "payment__order"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a statement. `what`: order, payment, refund, or return: a refund undone.

    `taxes` of an order: basis points, gross cents, and the tax in them.
    """

    box: str
    at: datetime
    what: str
    number: str
    name: str
    currency: str
    cents: int
    detail: str = ""
    taxes: Taxes = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Rows that are entries: where they have their moment, their order and their money."""

    what: str
    rows: QuerySet[Any]
    at: str
    order: str
    cents: str
    detail: str = ""

    def within(self, since: datetime, until: datetime) -> QuerySet[Any]:
        """Those of `[since, until)`, each with its customer as `box`."""
        period = Q(**{f"{self.at}__gte": since, f"{self.at}__lt": until})
        rows: QuerySet[Any] = self.rows.filter(period).order_by()
        found: QuerySet[Any] = rows.annotate(box=Lower(f"{self.order}email"))
        return found


SOURCES = (
    Source(what="order", rows=Order.objects.all(), at="paid_at", order="", cents="total_cents"),
    Source(
        what="payment",
        rows=PaymentAttempt.objects.filter(state__in=TAKEN),
        at="settled_at",
        order="order__",
        cents="amount_cents",
        detail="card",
    ),
    Source(
        what="refund",
        rows=Refund.objects.filter(WENT_BACK),
        at="settled_at",
        order=f"{PAYER}__",
        cents="amount_cents",
    ),
    Source(
        what="return",
        rows=Refund.objects.all(),
        at="came_back_at",
        order=f"{PAYER}__",
        cents="amount_cents",
    ),
)


def customers(since: datetime, until: datetime, *, after: str | None, most: int) -> list[str]:
    """The next customers of whom there is any entry, in their order, at most so many."""
    later = Q() if after is None else Q(box__gt=after)
    found = [one.within(since, until).filter(later).values_list("box") for one in SOURCES]
    return [box for (box,) in found[0].union(*found[1:]).order_by("box")[:most]]


def count_customers(since: datetime, until: datetime) -> int:
    """How many there are."""
    found = [one.within(since, until).values_list("box") for one in SOURCES]
    return found[0].union(*found[1:]).count()


def entries_of(boxes: Sequence[str], since: datetime, until: datetime) -> dict[str, list[Entry]]:
    """By customer: everything that happened, in order. Five queries, however many they are."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for source in SOURCES:
        rows = source.within(since, until).filter(box__in=list(boxes))
        for entry in _entries(source, rows):
            found[entry.box].append(entry)
    return {box: sorted(entries, key=lambda one: one.at) for box, entries in found.items()}


def _entries(source: Source, rows: QuerySet[Any]) -> Iterable[Entry]:
    is_order = source.what == "order"
    columns = {
        "moment": F(source.at),
        "its_number": F(f"{source.order}number"),
        "its_name": F(f"{source.order}name"),
        "its_currency": F(f"{source.order}currency"),
        "sum": F(source.cents),
    }
    more = ["shipping_cents"] if is_order else [source.detail] if source.detail else []
    found = list(rows.values("pk", "box", *more, **columns).order_by("pk"))
    taxes = _taxes(found) if is_order else {}
    for row in found:
        yield Entry(
            box=row["box"],
            at=row["moment"],
            what=source.what,
            number=row["its_number"],
            name=row["its_name"],
            currency=row["its_currency"],
            cents=row["sum"],
            detail=row[source.detail] if source.detail else "",
            taxes=taxes.get(row["pk"], ()),
        )


def _taxes(orders: Sequence[dict[str, Any]]) -> dict[int, Taxes]:
    """Of each order, by its rates; of its shipping, too."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    lines = OrderLine.objects.filter(order__in=[row["pk"] for row in orders]).order_by()
    rates = lines.values_list("order_id", "tax_basis_points")
    for order, points, gross, tax in rates.annotate(a=Sum("total_cents"), b=Sum("tax_cents")):
        found[order].append((points, gross, tax))
    for row in orders:
        if shipping := row["shipping_cents"]:
            points = SHIPPING_TAX_BASIS_POINTS
            found[row["pk"]].append((points, shipping, included_tax(shipping, points)))
    return {order: tuple(taxes) for order, taxes in found.items()}
