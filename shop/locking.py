"""One after the other at a product: whoever changes what belongs to it holds its row meanwhile."""

from shop.models import Product


def is_locked(product_id: int) -> bool:
    """Hold its row until the caller's transaction ends, which changes what belongs to it and has
    announced so; whether there is such a product.
    """
    return bool(Product.objects.filter(pk=product_id).touch())
