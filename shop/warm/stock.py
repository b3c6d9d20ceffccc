"""What may be sold, in catalogue order, and how much of it there is: never older than OLDEST.

Cheap enough that whoever finds it three seconds old reads it anew: one query, without pictures.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from deferral.warm.reading import value_of
from deferral.warm.values import warm_value
from shop import selectors
from shop.models import Product
from shop.selectors import PAGE

# Seconds: read anew by one reader, and shown to nobody.
RENEWED, OLDEST = 3, 5

Facts = list[int | bool | None]


class Row(NamedTuple):
    """As much of a product as decides what its card says. `at` is the time of an evening."""

    pk: int
    version: int
    available: int | None
    at: float | None

    def facts(self, now: float) -> Facts:
        """What a card was made of. Plenty is plenty: no sale makes another card of that."""
        left = None if self.available is None else min(self.available, Product.SCARCE + 1)
        return [self.version, left, self.at is not None and self.at <= now]


def read_stock(category: str) -> list[Row]:
    """The first page of one category, or of all; and one more where another page follows."""
    return [row_of(product) for product in selectors.on_sale(category=category)[: PAGE + 1]]


STOCK = warm_value("shop.stock", fresh=RENEWED, usable=OLDEST)(read_stock)


def row_of(product: Product) -> Row:
    """Of a product as it was read."""
    at = product.event_at.timestamp() if product.event_at else None
    return Row(product.pk, product.version, product.available, at)


def rows_of(category: str) -> Sequence[Row]:
    """At most OLDEST seconds old."""
    return [Row(*row) for row in value_of(STOCK, category)]


def now() -> float:
    """By the clock that a test moves."""
    return timezone.now().timestamp()
