"""Which suppliers tell us of parcels, each by secrets of its own.

Each writes to an address of its own (`urls`), where it must sign as that supplier. The box office
has none: it enters seats, tickets are mailed by us, and nothing of it is carried to anybody.
"""

from collections.abc import Callable, Sequence

from django.conf import settings

from orders.shipments.notices import supplier_source
from shop.models import Product


def secrets_of(supplier: str) -> Callable[[], Sequence[str]]:
    """As they are set when a notice comes."""
    return lambda: settings.SUPPLIER_WEBHOOK_SECRETS.get(supplier, ())


CARRIERS = (Product.Supplier.PRINT_ROOM, Product.Supplier.WAREHOUSE)
SOURCES = {name.value: supplier_source(name.value, secrets_of(name.value)) for name in CARRIERS}
PRINT_ROOM, WAREHOUSE = SOURCES.values()
