"""One after the other at a product: whoever changes what belongs to it holds its row meanwhile."""

from shop.models import Product


def is_locked(product_id: int) -> bool:
    """Hold its row until the caller's transaction ends; whether there is such a product."""
    found = Product.objects.select_for_update(no_key=True).filter(pk=product_id)
    return found.first() is not None
