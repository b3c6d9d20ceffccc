"""What keeps a product from being sold. The same rules three times: for people, for code, for rows.

A product that is not on sale may be unfinished. One that is on sale can be paid, its supplier can
be told, and its receipt and its tickets can be written.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Protocol

from django.db import models
from django.db.models import Q

from orders.amounts import MIN_CENTS, MOST_CENTS

# Who can hand it out, the usual one first. A download comes from our own machine: nobody is told.
SUPPLIERS: Mapping[str, tuple[str, ...]] = {
    "print": ("print_room", "warehouse"),
    "home": ("warehouse", "print_room"),
    "ticket": ("box_office",),
    "download": ("",),
}
TICKET, DOWNLOAD = "ticket", "download"
WHOLE = 10_000
# It is part of addresses and of cookies' names, and is read out over the telephone.
SKU = r"\A[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z"
NOT_A_SKU = "Letters from A to Z, digits, and between them hyphens, dots and underscores."
TAKEN = "Another product has this number. Capitals make no other."
TOO_LITTLE = (
    f"A card cannot be charged with less than €0.{MIN_CENTS}, and nobody buys two of a download. "
    "Make it free, or dearer."
)
NO_SUPPLIER = "Choose who hands it out: the supplier is told of every order."
NOT_ITS_SUPPLIER = {
    "print": "A print comes from the print room or from the warehouse.",
    "home": "Goods come from the warehouse or from the print room.",
    "ticket": "Seats are entered at the box office: choose that.",
    "download": "A download comes from our own machine: leave the supplier empty.",
}
NO_DATE = "A ticket has to say when: it is printed on it."
A_DATE = "Only a ticket has a date: from then on it cannot be bought. Leave it empty."
NO_TITLE = "It has no title: receipts and parcels show it."
NO_CATEGORY = "Choose what it is: how it is handed out depends on that."
TOO_DEAR = f"One payment is at most {MOST_CENTS // 100:,}.{MOST_CENTS % 100} euros."
TOO_MUCH_TAX = "More than all of it cannot be tax."


class Goods(Protocol):
    """As much of a product as is looked at."""

    title: str
    category: str
    price_cents: int
    tax_basis_points: int
    supplier: str
    event_at: datetime | None


def hindrances(product: Goods) -> dict[str, str]:
    """Why it cannot be sold, by the field that has to change, in sentences. Empty when it can."""
    return dict([*_of_words(product), *_of_handing_out(product), *_of_money(product)])


def _of_words(product: Goods) -> Iterator[tuple[str, str]]:
    if not product.title:
        yield "title", NO_TITLE
    if product.category not in SUPPLIERS:
        yield "category", NO_CATEGORY


def _of_handing_out(product: Goods) -> Iterator[tuple[str, str]]:
    category, is_ticket = product.category, product.category == TICKET
    if product.supplier not in SUPPLIERS.get(category, (product.supplier,)):
        yield "supplier", NOT_ITS_SUPPLIER[category] if product.supplier else NO_SUPPLIER
    if is_ticket and product.event_at is None:
        yield "event_at", NO_DATE
    if not is_ticket and product.event_at is not None:
        yield "event_at", A_DATE


def _of_money(product: Goods) -> Iterator[tuple[str, str]]:
    cents = product.price_cents or 0  # a form's instance has none before it is typed
    if product.category == DOWNLOAD and 0 < cents < MIN_CENTS:
        yield "price_cents", TOO_LITTLE
    if cents > MOST_CENTS:
        yield "price_cents", TOO_DEAR
    if (product.tax_basis_points or 0) > WHOLE:
        yield "tax_basis_points", TOO_MUCH_TAX


def _when_on_sale(condition: Q, *, name: str, said: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(on_sale=False) | condition, name=name, violation_error_message=said
    )


FITTING = reduce(or_, (Q(category=kind, supplier__in=names) for kind, names in SUPPLIERS.items()))
DATED = Q(category=TICKET, event_at__isnull=False) | (
    ~Q(category=TICKET) & Q(event_at__isnull=True)
)
PAYABLE = Q(price_cents__lte=MOST_CENTS, tax_basis_points__lte=WHOLE)
NAMED = ~Q(title="") & ~Q(slug="") & ~Q(sku="")

ON_SALE = (
    _when_on_sale(FITTING, name="product_supplier_fits", said="Its supplier does not fit it."),
    _when_on_sale(
        DATED, name="product_ticket_has_a_date", said="Tickets have a date, and only they."
    ),
    _when_on_sale(PAYABLE, name="product_can_be_paid", said="No payment is that large."),
    _when_on_sale(NAMED, name="product_has_a_name", said="It has no name."),
)
