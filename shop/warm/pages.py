"""What the templates of the shop window need: from the cache, or as ever where there is none.

Both ways give the same names: a template that reads one which only one of them gives would show
something else with a cache than without.
"""

from collections.abc import Sequence
from typing import TypedDict

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from deferral.warm.reading import is_on
from shop import selectors
from shop.models import Product
from shop.photos import LinkPhoto, Photo, for_links, photos_of
from shop.screening import Screening, screening_of
from shop.warm.details import details_of
from shop.warm.showing import others, shelf


class Window(TypedDict):
    """Products, or how many there are on the `shelf`, which is markup; and whether more follow."""

    products: Sequence[Product] | int
    shelf: SafeString | None
    is_more: bool


class Beside(TypedDict):
    """Pictures, a film and others of its kind, each as it is or as markup, which comes first."""

    photos: Sequence[Photo]
    gallery: SafeString
    link_photo: LinkPhoto | None
    film: Screening | None
    screen: SafeString
    related: QuerySet[Product] | int
    shelf: SafeString | None


def window(request: HttpRequest, category: str, page: int) -> Window:
    """One page of all, or of a category. Only the first is kept: few go further."""
    if page > 1 or not is_on():
        return _window_now(category, page)
    shown = shelf(request, category)
    return Window(products=shown.count, shelf=shown.cards, is_more=shown.is_more)


def beside(request: HttpRequest, product: Product) -> Beside:
    """A product's page."""
    if not is_on():
        return beside_now(product)
    details, below, photo = details_of(product), others(request, product), None
    if details["link_photo"]:
        photo = LinkPhoto(*details["link_photo"])
    return Beside(
        photos=(),
        gallery=SafeString(details["gallery"]),
        link_photo=photo,
        film=None,
        screen=SafeString(details["film"]),
        related=below.count,
        shelf=below.cards,
    )


def _window_now(category: str, page: int) -> Window:
    found = selectors.on_page(category, page)
    is_more = len(found) > selectors.PAGE
    return Window(products=found[: selectors.PAGE], shelf=None, is_more=is_more)


def beside_now(product: Product) -> Beside:
    """The same as it is at this moment, of a product that need not be on sale."""
    photos = photos_of(product)
    return Beside(
        photos=photos,
        gallery=SafeString(),
        link_photo=for_links(photos),
        film=screening_of(product),
        screen=SafeString(),
        related=selectors.related(product),
        shelf=None,
    )
