"""The forty products, as a shop has had them for a while."""

from deferral.models import Event
from shop.events import ProductsChanged
from shop.seeding import seed_catalogue


def stock_shop() -> None:
    """In the catalogue. Everybody who wants to know has been told."""
    seed_catalogue()
    Event.objects.filter(type=ProductsChanged.type).delete()
