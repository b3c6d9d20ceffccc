"""The pictures of what was ordered, in the mail itself."""

from collections.abc import Sequence

from notifications.gateway import Inline
from orders.models import OrderLine
from shop.models import Product
from shop.photos import with_first
from shop.thumbnails import thumbnail_of

# Some 8 kB each. Of a long order the first ones have one.
MOST_SHOWN = 12


def pictures_of(lines: Sequence[OrderLine]) -> dict[int, Inline]:
    """By the line's key; none where its product is gone. A fixed number of queries."""
    wanted = {line.sku: line.pk for line in lines[:MOST_SHOWN]}
    products = with_first(Product.objects.filter(sku__in=wanted))
    return {wanted[product.sku]: _inline(product) for product in products}


def _inline(product: Product) -> Inline:
    found = thumbnail_of(product)
    return Inline(cid=f"{product.slug}@halyard", type=found.type, content=found.content)
