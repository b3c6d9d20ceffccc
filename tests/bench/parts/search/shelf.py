"""Products by the hundred thousand, in words as unequal as those of a language."""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate, product

from django.db import connection

SYLLABLES = tuple("".join(each) for each in product("bdfghklmnprstvw", "aeiou", "lnrst"))
# Every word is one of so many; the second is half as frequent as the first, and so on.
VOCABULARY = 20_000
TITLE, DESCRIPTION = 3, 60
SKU = "SEARCH-"
COLUMNS = (
    *("sku", "slug", "category", "title", "subtitle", "description", "price_cents"),
    *("tax_basis_points", "supplier", "available", "on_sale", "venue", "position"),
    *("art_seed", "art_motif", "art_object"),
)
COPY = f"COPY shop_product ({', '.join(COLUMNS)}) FROM STDIN"
REMOVE = "DELETE FROM shop_product WHERE starts_with(sku, %s)"


def vocabulary() -> list[str]:
    """The most frequent first, of two or three syllables."""
    rng = random.Random(4)  # noqa: S311 - test data
    made = ("".join(rng.choices(SYLLABLES, k=rng.choice((2, 3)))) for _ in range(2 * VOCABULARY))
    return list(dict.fromkeys(made))[:VOCABULARY]


def fill(count: int) -> None:
    """So many on the shelf; statistics and visibility as autovacuum would leave them."""
    with connection.cursor() as cursor:
        with cursor.copy(COPY) as rows:
            for row in _rows(count, vocabulary()):
                rows.write_row(row)
        cursor.execute("VACUUM ANALYZE shop_product")


def empty() -> None:
    """As it was before."""
    with connection.cursor() as cursor:
        cursor.execute(REMOVE, [SKU])


def _rows(count: int, words: Sequence[str]) -> Iterator[tuple[object, ...]]:
    rng = random.Random(16)  # noqa: S311 - test data
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(count):
        drawn = rng.choices(words, cum_weights=weights, k=TITLE + DESCRIPTION)
        title, description = " ".join(drawn[:TITLE]), " ".join(drawn[TITLE:])
        sku, left = f"{SKU}{number}", None if number % 5 else number % 3
        yield (
            *(sku, sku.lower(), "home", title, "", description, rng.randrange(100, 20_000)),
            *(1900, "warehouse", left, True, "", 1000 + number, 1, "waves", "mug"),
        )
