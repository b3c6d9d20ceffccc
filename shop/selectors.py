"""Reading the catalogue."""

import re

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left

from shop.models import LONGEST_DESCRIPTION, Product
from shop.photos import with_first

VECTOR = (
    SearchVector("title", weight="A", config="english")
    + SearchVector("subtitle", "venue", weight="B", config="english")
    # PostgreSQL has no vector of a megabyte of words, and no answer to any search then.
    + SearchVector(Left("description", LONGEST_DESCRIPTION), weight="C", config="english")
)
# More words than this do not make a search better, only slower.
MOST_WORDS = 8


def products(*, category: str = "", text: str = "") -> QuerySet[Product]:
    """What is sold, of one category or of all, in catalogue order or best match first. Each with
    its first picture.
    """
    found = with_first(Product.objects.filter(on_sale=True))
    if category:
        found = found.filter(category=category)
    words = re.findall(r"\w+", text)[:MOST_WORDS]
    return matching(found, words) if words else found


def on_sale(*, category: str = "") -> QuerySet[Product]:
    """The same without their pictures, and no more of each than its stock and its version."""
    found = Product.objects.filter(on_sale=True).only("version", "available", "event_at")
    return found.filter(category=category) if category else found


def matching(among: QuerySet[Product], words: list[str]) -> QuerySet[Product]:
    """Every word, or the beginning of one, in any form; else the letters anywhere in the title."""
    query = SearchQuery(
        " & ".join(f"{word}:*" for word in words), search_type="raw", config="english"
    )
    ranked = among.annotate(vector=VECTOR).filter(vector=query)
    if ranked.exists():
        return ranked.annotate(rank=SearchRank(F("vector"), query)).order_by("-rank", "position")
    letters = Q()
    for word in words:
        letters &= Q(title__icontains=word) | Q(subtitle__icontains=word)
    return among.filter(letters)


def related(product: Product) -> QuerySet[Product]:
    """Four others of its kind."""
    return products(category=product.category).exclude(pk=product.pk)[:4]
