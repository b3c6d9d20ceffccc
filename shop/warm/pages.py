"""What the templates of the shop window need: from the cache, or as ever where there is none."""

from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from deferral.warm.reading import is_on
from shop import selectors
from shop.models import Product
from shop.photos import photos_of
from shop.screening import screening_of
from shop.warm.details import details_of
from shop.warm.showing import others, shelf


def window(request: HttpRequest, category: str) -> dict[str, Any]:
    """The first page, or a category's."""
    if not is_on():
        return {"products": selectors.products(category=category)}
    shown = shelf(request, category)
    return {"products": shown.count, "shelf": shown.cards}


def beside(request: HttpRequest, product: Product) -> dict[str, Any]:
    """A product's page."""
    if not is_on():
        return {
            "photos": photos_of(product),
            "film": screening_of(product),
            "related": selectors.related(product),
        }
    details, below = details_of(product), others(request, product)
    return {
        "gallery": SafeString(details["gallery"]),
        "screen": SafeString(details["film"]),
        "related": below.count,
        "shelf": below.cards,
    }
