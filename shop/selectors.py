"""Reading the catalogue."""

from django.db.models import QuerySet

from shop.models import Product
from shop.photos import with_first


def products(*, category: str = "") -> QuerySet[Product]:
    """What is sold, of one category or of all, in catalogue order. Each with its first picture."""
    found = with_first(Product.objects.filter(on_sale=True))
    return found.filter(category=category) if category else found


def on_sale(*, category: str = "") -> QuerySet[Product]:
    """The same without their pictures, and no more of each than its stock and its version."""
    found = Product.objects.filter(on_sale=True).only("version", "available", "event_at")
    return found.filter(category=category) if category else found


def related(product: Product) -> QuerySet[Product]:
    """Four others of its kind."""
    return products(category=product.category).exclude(pk=product.pk)[:4]
