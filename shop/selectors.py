"""Reading the catalogue."""

from django.db.models import QuerySet

from shop.models import Product
from shop.photos import with_first

# Products on one page of the shop window. A page costs the same, however many are sold.
PAGE = 40


def products(*, category: str = "") -> QuerySet[Product]:
    """What is sold, of one category or of all, in catalogue order. Each with its first picture."""
    found = with_first(Product.objects.filter(on_sale=True))
    return found.filter(category=category) if category else found


def on_sale(*, category: str = "") -> QuerySet[Product]:
    """The same without their pictures, and no more of each than its stock and its version. Who
    reads them says how many.
    """
    found = Product.objects.filter(on_sale=True).only("version", "available", "event_at")
    return found.filter(category=category) if category else found


def on_page(category: str, page: int) -> list[Product]:
    """The products of one page, counted from 1; and one more where another page follows."""
    first = (page - 1) * PAGE
    return list(products(category=category)[first : first + PAGE + 1])


def related(product: Product) -> QuerySet[Product]:
    """Four others of its kind."""
    return products(category=product.category).exclude(pk=product.pk)[:4]
