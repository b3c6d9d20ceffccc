"""A list of somebody's orders, each with its receipt, tickets and downloads at hand.

What it asks the database does not grow with the orders on it, but for those of which money went
back: of each of these two queries more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.models import Order
from orders.payments.refunds.sums import Back, back_of
from orders.selectors import orders_with_refunds
from shop.additions import LineLink, files_of
from shop.downloads import downloads_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """An order, and what there is to take of it."""

    order: Order
    files: list[LineLink]


def listed(orders: Sequence[Order]) -> list[Listed]:
    """Each with its files; the orders have been read with their lines and payments."""
    backs = backs_of(orders)
    files = files_of(orders, backs)
    return [
        Listed(order=one, files=[*files[one.pk], *_downloads(one, backs[one.pk])]) for one in orders
    ]


def backs_of(orders: Sequence[Order]) -> Mapping[int, Back]:
    """What of each went back, or is about to: of most nothing."""
    touched = orders_with_refunds([order.pk for order in orders])
    return {one.pk: back_of(one.pk) if one.pk in touched else Back() for one in orders}


def _downloads(order: Order, back: Back) -> list[LineLink]:
    found = downloads_of(order, order.lines.all(), back)
    return [LineLink(label=one.title, address=one.address) for one in found]
