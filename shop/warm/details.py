"""What stands beside a product's text: its pictures and its film. Its text, price and stock do not:
a page reads those from its row.
"""

from collections.abc import Sequence
from typing import TypedDict

from deferral.warm.reading import value_now, value_of
from deferral.warm.values import warm_value
from shop.models import Product
from shop.photos import for_links, photos_of
from shop.screening import screening_of
from shop.warm.anybody import Words
from shop.warm.shelves import REBUILD

# Seconds. What goes past the models announces no change.
FRESH, USABLE = 60, 600


class Details(TypedDict):
    """Markup, and the version of the product that it was made of. `link_photo`: what a link to the
    page shows of its first photo, if it has one.
    """

    version: int
    gallery: str
    film: str
    link_photo: Sequence[str] | None


def build_details(product_id: str) -> Details:
    """Nothing of a product that is not there."""
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        return Details(version=0, gallery="", film="", link_photo=None)
    words, film, photos = Words(), screening_of(product), photos_of(product)
    gallery = words.render("shop/_gallery.html", product=product, photos=photos)
    screen = words.render("shop/_film.html", product=product, film=film) if film else ""
    return Details(
        version=product.version, gallery=gallery, film=screen, link_photo=for_links(photos)
    )


DETAILS = warm_value("shop.details", fresh=FRESH, usable=USABLE, task=REBUILD)(build_details)


def details_of(product: Product) -> Details:
    """As kept, where they were made of this version: a restored product has an older one than they
    have. Else made now, and a rebuild is ordered.
    """

    def is_current(kept: Details) -> bool:
        return kept["version"] == product.version

    of = str(product.pk)
    kept: Details = value_of(DETAILS, of, is_current=is_current)
    return kept if is_current(kept) else value_now(DETAILS, of)
