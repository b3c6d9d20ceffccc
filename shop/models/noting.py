"""Which products a transaction has changed, noted until it announces them all at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection, transaction

from deferral.events import publish
from deferral.names import new_tag
from shop.events import MOST_AT_ONCE, ProductChanged, ProductsChanged

KNOWN = "SELECT sku, version FROM shop_product WHERE id = %s"


@dataclass(slots=True)
class Noted:
    """By row number. `gone` are the SKU and the last version of what was deleted."""

    changed: set[int] = field(default_factory=set)
    gone: dict[int, tuple[str, int]] = field(default_factory=dict)


_noted: ContextVar[Noted | None] = ContextVar("products_noted", default=None)


@contextmanager
def announced_together() -> Iterator[Noted]:
    """A transaction whose changes of products are announced at its end: one by an event of its own,
    more by one event for every thousand. Inside another one it is a part of that.
    """
    if outer := _noted.get():
        with transaction.atomic():
            yield outer
        return
    noted = Noted()
    token = _noted.set(noted)
    try:
        with transaction.atomic():
            yield noted
            _announce(noted)
    finally:
        _noted.reset(token)


def _announce(noted: Noted) -> None:
    """What was noted and then undone, by a savepoint, is announced too: that harms nobody."""
    ids = sorted(noted.changed | noted.gone.keys())
    if len(ids) == 1:
        _announce_one(ids[0], noted)
        return
    for start in range(0, len(ids), MOST_AT_ONCE):
        change = new_tag()
        fact = ProductsChanged(change=change, product_ids=ids[start : start + MOST_AT_ONCE])
        publish(fact, subject=f"products:{change}")


def _announce_one(product_id: int, noted: Noted) -> None:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [product_id])
        known = cursor.fetchone()
    if gone := noted.gone.get(product_id):
        known = (gone[0], gone[1] + 1)
    if known is not None:
        sku, version = known
        publish(ProductChanged(product_id=product_id, version=version), subject=f"product:{sku}")
