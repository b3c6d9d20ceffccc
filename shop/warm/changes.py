"""Which values a change of products makes stale."""

from collections.abc import Iterable, Iterator

from deferral.warm.marking import mark_stale
from shop.models import ProductFilm, ProductPicture
from shop.warm.details import DETAILS
from shop.warm.shelves import CATEGORIES, OTHERS_OF, SHELF
from shop.warm.stock import STOCK


def mark_changed(*, product_ids: Iterable[int]) -> None:
    """Their own pages, and every shelf: a product may have left the one that it stood on. Safe to
    repeat. Retry while the cache is away.
    """
    mark_stale([*_shelves(), *((DETAILS.name, str(pk)) for pk in product_ids)])


def products_showing(asset_id: int) -> Iterator[tuple[int, str]]:
    """Of an upload: the product that it is the picture or the film of, and its own name."""
    for model in (ProductPicture, ProductFilm):
        found = model.objects.filter(asset=asset_id)
        yield from found.values_list("product_id", "asset__tag")


def _shelves() -> Iterator[tuple[str, str]]:
    for category in CATEGORIES:
        yield from ((value.name, category) for value in (STOCK, SHELF, OTHERS_OF))
