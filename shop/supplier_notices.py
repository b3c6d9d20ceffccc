"""Which suppliers tell us of parcels, by which secrets, and at which address each of them does.

The box office enters seats: what it has is mailed by us, and nothing of it is carried to anybody.
"""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.urls import URLPattern, path

from deferral.inbox.views import receiver
from orders.shipments.notices import supplier_source
from shop.models import Product


def secrets_of(supplier: str) -> Callable[[], Sequence[str]]:
    """As they are set when a notice comes."""
    return lambda: settings.SUPPLIER_WEBHOOK_SECRETS.get(supplier, ())


CARRIERS = (Product.Supplier.PRINT_ROOM, Product.Supplier.WAREHOUSE)
SOURCES = {name.value: supplier_source(name.value, secrets_of(name.value)) for name in CARRIERS}


def addresses() -> list[URLPattern]:
    """`/suppliers/print-room/notices/` and so on: who writes to it must sign as that supplier."""
    return [
        path(f"suppliers/{slug_of(name)}/notices/", receiver(source), name=f"told_by_{name}")
        for name, source in SOURCES.items()
    ]


def slug_of(supplier: str) -> str:
    """Its name in an address."""
    return supplier.replace("_", "-")
