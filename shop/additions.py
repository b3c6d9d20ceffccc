"""What apps above the shop add to its pages: below a product, beside an order or a line of one, and
on the page of an account.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from deferral.slots import Slot
from orders.models import Order, OrderLine
from orders.payments.refunds.sums import Back
from shop.models import Product

# The lines of an order, each with its product while there is one.
Lines = Sequence[tuple[OrderLine, Product | None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """What stands below a product, or on an account's page. `style` is a style sheet among the
    static files.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    style: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineLink:
    """What it says, and where it leads; an order's page adds what lets its visitor in again."""

    label: str
    address: str


# Its queries must not grow with what there is of it.
SECTIONS: Slot[Callable[[Product], Section]] = Slot("the section of a product's page")
# By the line's key. It is asked once for all lines.
LINE_LINKS: Slot[Callable[[Order, Lines, Back], Mapping[int, LineLink]]] = Slot("the links beside")
# By the order's key, its files. It is asked once for all orders of a page, with what went back of
# each.
ORDER_FILES: Slot[Callable[[Sequence[Order], Mapping[int, Back]], Mapping[int, list[LineLink]]]] = (
    Slot("the files of")
)
# Of whoever is logged in, and is no member of staff.
ACCOUNT_SECTIONS: Slot[Callable[[HttpRequest], Section]] = Slot("the section of an account's page")


def sections_of(product: Product) -> list[Section]:
    """Everything that is added to its page."""
    return [provider(product) for provider in SECTIONS.values()]


def links_of(order: Order, lines: Lines, back: Back) -> dict[int, list[LineLink]]:
    """By line, what is added to each."""
    found: dict[int, list[LineLink]] = {line.pk: [] for line, _ in lines}
    for key, link in _all(provider(order, lines, back) for provider in LINE_LINKS.values()):
        found[key].append(link)
    return found


def files_of(orders: Sequence[Order], backs: Mapping[int, Back]) -> dict[int, list[LineLink]]:
    """By order, what is added to each."""
    found: dict[int, list[LineLink]] = {order.pk: [] for order in orders}
    for provider in ORDER_FILES.values() if orders else ():
        for key, links in provider(orders, backs).items():
            found[key] += links
    return found


def account_sections(request: HttpRequest) -> list[Section]:
    """Everything that is added to the account's page."""
    return [provider(request) for provider in ACCOUNT_SECTIONS.values()]


def _all(said: Iterable[Mapping[int, LineLink]]) -> Iterable[tuple[int, LineLink]]:
    return (each for one in said for each in one.items())
