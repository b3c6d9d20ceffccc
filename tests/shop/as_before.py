"""The tables as the release before this one had them, for as long as a test writes into them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from orders.models import OrderLine
from shop.models import Product

BEFORE = "0007"


@contextmanager
def before_capitals(verbosity: int = 0) -> Iterator[None]:
    """Numbers of products may differ in capitals alone. What is placed must be placed before."""
    call_command("migrate", "shop", BEFORE, verbosity=0)
    try:
        yield
    finally:
        call_command("migrate", verbosity=verbosity)


def products() -> Any:
    """With the columns they had, and nobody told of a change."""
    loader = MigrationLoader(connection)
    name = loader.get_migration_by_prefix("shop", BEFORE).name
    return loader.project_state([("shop", name)]).apps.get_model("shop", "Product").objects


def alike(product: Product, sku: str) -> None:
    """It is called that in capitals, and off sale; another is called that, and on sale."""
    call(product, sku.upper())
    products().filter(pk=product.pk).update(on_sale=False)
    other = products().get(pk=product.pk)
    other.pk, other.sku, other.slug, other.on_sale = None, sku, f"{product.slug}-too", True
    other.save()


def call(product: Product, sku: str) -> None:
    """That product, wherever it was sold."""
    OrderLine.objects.filter(sku=product.sku).update(sku=sku)
    products().filter(pk=product.pk).update(sku=sku)
