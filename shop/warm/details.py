"""What stands beside a product's text: its pictures and its film. Its text, price and stock do not:
a page reads those from its row.
"""

from typing import TypedDict

from deferral.warm.reading import value_of
from deferral.warm.values import warm_value
from shop.models import Product
from shop.photos import photos_of
from shop.screening import screening_of
from shop.warm.anybody import Words
from shop.warm.shelves import REBUILD

# Seconds. What is said about a film by staff, and files that are made of it, announce no change.
FRESH, USABLE = 60, 600


class Details(TypedDict):
    """Markup, and the version of the product that it was made of."""

    version: int
    gallery: str
    film: str


def build_details(product_id: str) -> Details:
    """Nothing of a product that is not there."""
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        return Details(version=0, gallery="", film="")
    words, film = Words(), screening_of(product)
    gallery = words.render("shop/_gallery.html", product=product, photos=photos_of(product))
    screen = words.render("shop/_film.html", product=product, film=film) if film else ""
    return Details(version=product.version, gallery=gallery, film=screen)


DETAILS = warm_value("shop.details", fresh=FRESH, usable=USABLE, task=REBUILD)(build_details)


def details_of(product: Product) -> Details:
    """As kept. What is older than the product's row orders a rebuild."""
    found: Details = value_of(
        DETAILS, str(product.pk), is_current=lambda kept: kept["version"] >= product.version
    )
    return found
