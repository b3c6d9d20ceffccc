"""The forty products, as a shop has had them for a while."""

from deferral.models import Event
from shop.events import ProductsChanged
from shop.models import Product
from shop.search.indexing import bring_up
from shop.seeding import seed_catalogue


def stock_shop() -> None:
    """In the catalogue. Everybody who wants to know has been told."""
    seed_catalogue()
    Event.objects.filter(type=ProductsChanged.type).delete()


def index_shop() -> None:
    """Found by what they are now, as the jobs would have it."""
    bring_up(list(Product.objects.values_list("pk", flat=True)))
