"""What customers type, of each kind the same number, in a random order."""

import random
from collections.abc import Iterator
from typing import Any

from shop.models import Product
from tests.bench.parts.search.shelf import SKU, vocabulary

Asked = dict[str, Any]
FREQUENT, SELDOM = slice(0, 12), slice(2_000, 8_000)


def searches(each: int) -> list[tuple[str, Asked]]:
    """Kind, and the parameters of the page's address."""
    rng = random.Random(23)  # noqa: S311 - test data
    titles = Product.objects.filter(sku__startswith=SKU).order_by("?")[:each]
    found = list(_kinds(rng, [product.title for product in titles]))
    rng.shuffle(found)
    return found


def _kinds(rng: random.Random, titles: list[str]) -> Iterator[tuple[str, Asked]]:
    words = vocabulary()
    frequent, seldom = words[FREQUENT], words[SELDOM]
    for title in titles:
        common, rare = rng.choice(frequent), rng.choice(seldom)
        yield "a frequent word", {"q": common}
        yield "two frequent words", {"q": " ".join(rng.sample(frequent, 2))}
        yield "a frequent word, by price", {"q": common, "order": "cheap", "in_stock": "on"}
        yield "a frequent word, its tenth page", {"q": common, "page": 10}
        yield "a seldom word", {"q": rare}
        yield "a title", {"q": title}
        yield "the beginning of a word", {"q": rare[:5]}
        yield "a mistyped word", {"q": mistyped(rng, rare)}
        yield "two mistyped words", {"q": f"{mistyped(rng, rare)} {mistyped(rng, common)}"}
        yield "a word that nothing has", {"q": "qqxyzzyqq"}


def mistyped(rng: random.Random, word: str) -> str:
    """Two letters changed places, or one is there twice."""
    at = rng.randrange(1, len(word) - 2)
    if rng.random() < 0.5 or word[at] == word[at + 1]:
        return f"{word[:at]}{word[at]}{word[at:]}"
    return f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"
