"""A shelf for one visitor: kept cards, beside those whose facts have changed, made at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.safestring import SafeString

from deferral.warm.reading import value_of
from deferral.warm.values import Warm
from shop import selectors
from shop.models import Product
from shop.selectors import PAGE
from shop.warm.anybody import Words
from shop.warm.shelves import OTHERS, OTHERS_OF, SHELF, card, missing_from
from shop.warm.stock import Row, now, rows_of


@dataclass(frozen=True, slots=True)
class Shown:
    """How many cards, their markup, and whether another page follows."""

    count: int
    cards: SafeString
    is_more: bool = False


def shelf(request: HttpRequest, category: str) -> Shown:
    """The first page of a category, or of all."""
    rows = rows_of(category)
    found = _shown(request, SHELF, category, rows[:PAGE])
    return replace(found, is_more=len(rows) > PAGE)


def others(request: HttpRequest, product: Product) -> Shown:
    """Four others of its kind."""
    rows = [row for row in rows_of(product.category) if row.pk != product.pk]
    return _shown(request, OTHERS_OF, product.category, rows[:OTHERS])


def _shown(request: HttpRequest, kind: Warm, category: str, rows: Iterable[Row]) -> Shown:
    """A card that shows old facts orders a new shelf, and is not shown."""
    at = now()
    wanted = {row.pk: row.facts(at) for row in rows}
    kept = value_of(kind, category, is_current=lambda found: not missing_from(found, wanted))
    words = Words(kept["token"], kept["path"])
    fresh = _made_now(words, missing_from(kept, wanted))
    cards = {pk: kept["cards"][str(pk)][1] for pk in wanted if pk not in fresh}
    found = [cards[pk] if pk in cards else fresh[pk] for pk in wanted]
    return Shown(len(wanted), words.shown_to(request, "".join(found)))


def _made_now(words: Words, ids: Iterable[int]) -> dict[int, str]:
    """What was deleted a moment ago has no card."""
    found = dict.fromkeys(ids, "")
    if found:
        products = selectors.products().filter(pk__in=found)
        found |= {product.pk: card(words, product, lazy=False) for product in products}
    return found
