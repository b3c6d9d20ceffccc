"""Shelves of cards: the first page's, each category's, and the first of each for its products.

A shelf is one page, however many are sold: what it costs to keep it does not grow with the shop.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deferral.warm.values import warm_value
from shop import selectors
from shop.models import Product
from shop.selectors import PAGE
from shop.warm.anybody import Words
from shop.warm.stock import Facts, now, row_of

REBUILD = "shop.rebuild_value"
# Seconds: the schedule makes them anew each minute, a change at once.
FRESH, USABLE = 120, 3_600
# Cards whose pictures are loaded at once: about as many as a window shows.
AT_ONCE = 8
# Others of its kind on a product's page; and itself, which is left out there.
OTHERS = 4
CATEGORIES = ("", *Product.Category.values)

# What lies in the cache: words, and by product the facts that its card shows, with the card.
Shelf = dict[str, Any]


def build_shelf(category: str) -> Shelf:
    """The first page of a category, or of all."""
    return _shelf(selectors.products(category=category)[:PAGE], lazy_from=AT_ONCE)


def build_others(category: str) -> Shelf:
    """The first of a category: what its products' pages show below."""
    return _shelf(selectors.products(category=category)[: OTHERS + 1], lazy_from=0)


SHELF = warm_value("shop.shelf", fresh=FRESH, usable=USABLE, task=REBUILD, always=CATEGORIES)(
    build_shelf
)
OTHERS_OF = warm_value("shop.others", fresh=FRESH, usable=USABLE, task=REBUILD)(build_others)


def _shelf(products: Iterable[Product], *, lazy_from: int) -> Shelf:
    words = Words()
    cards = {
        str(product.pk): [facts_of(product), card(words, product, lazy=number >= lazy_from)]
        for number, product in enumerate(products)
    }
    return {"token": words.token, "path": words.path, "cards": cards}


def card(words: Words, product: Product, *, lazy: bool) -> str:
    """As everybody sees it."""
    return words.render("shop/_card.html", product=product, lazy=lazy)


def facts_of(product: Product) -> Facts:
    """Those of which its card is made."""
    return row_of(product).facts(now())


def missing_from(shelf: Shelf, wanted: Mapping[int, Facts]) -> Sequence[int]:
    """Products whose card is not there, or shows something else than it should."""
    cards = shelf["cards"]
    return [pk for pk, facts in wanted.items() if cards.get(str(pk), [None])[0] != facts]
