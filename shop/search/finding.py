"""What is found: by all words, by what was meant by them, or by some of them; and says which.

What a product costs, whether it is on sale and whether there is any is read from the product: only
its words are as old as the search's row of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from shop.search.bounds import bounded
from shop.search.spelling import corrected
from shop.search.wanted import (
    LAST_PAGE,
    LONGEST_WORD,
    MOST_FOUND,
    PAGE,
    WORD,
    Order,
    Query,
    Wanted,
    all_of,
    any_of,
    words_of,
)

BUYABLE = "(p.available IS NULL OR p.available > 0) AND (p.event_at IS NULL OR p.event_at > now())"
# A word in the title weighs as much as twenty in the description.
RANK = "ts_rank_cd('{{0.05, 0.2, 0.5, 1}}', vector, {query})"
FOUND = """
SELECT id, count(*) OVER () FROM (
    SELECT p.id, p.position, p.price_cents, s.vector, {buyable} AS buyable
    FROM shop_productsearch s JOIN shop_product p ON p.id = s.product_id
    WHERE s.vector @@ {query} AND p.on_sale
        AND p.price_cents BETWEEN %(cheapest)s AND %(dearest)s
        AND (%(category)s::text = '' OR p.category = %(category)s::text)
        AND (NOT %(in_stock)s OR ({buyable}))
    ORDER BY {walk} LIMIT %(most)s
) found
ORDER BY {order} OFFSET %(skip)s LIMIT %(size)s
"""
# How the products are walked where too many are found, and how those are put in order. What cannot
# be bought comes after what can and fits half as well.
ORDERS: Mapping[Order, tuple[str, str]] = {
    "best": (
        "p.position, p.id",
        f"{RANK} * CASE WHEN buyable THEN 1 ELSE 0.5 END DESC, position, id",
    ),
    "cheap": ("p.price_cents, p.id", "price_cents, id"),
    "dear": ("p.price_cents DESC, p.id DESC", "price_cents DESC, id DESC"),
    "new": ("p.id DESC", "id DESC"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Products by row number, of one page. `count` is of all, or, where there `is_more`, of some.

    `text` is what they were found by: not what was typed where `is_corrected`. Nothing has one of
    the words `unknown`; where `is_partly`, nothing has all the others either.
    """

    ids: list[int] = field(default_factory=list)
    count: int = 0
    is_more: bool = False
    page: int = 1
    text: str = ""
    is_corrected: bool = False
    unknown: tuple[str, ...] = ()
    is_partly: bool = False

    @property
    def pages(self) -> int:
        """How many there are."""
        return -(-self.count // PAGE)


def find(wanted: Wanted, *, size: int = PAGE, most: int | None = None) -> Found:
    """One page of it. Nothing where no word was typed. OperationalError where it takes too long."""
    if not words_of(wanted.text):
        return Found(text=wanted.text)
    most = most or MOST_FOUND[wanted.order]
    with bounded():
        if (found := _page(all_of(wanted.text), wanted, size, most)).count:
            return replace(found, text=wanted.text)
        return _second_try(wanted, size, most)


def _second_try(wanted: Wanted, size: int, most: int) -> Found:
    """By the words that were meant; then by those of them that anything has."""
    meant = corrected(words_of(wanted.text))
    text = " ".join(WORD.sub(lambda word: _meant(word[0], meant), wanted.text).split())
    said: dict[str, Any] = {
        "text": text,
        "is_corrected": any(meant.values()),
        "unknown": tuple(word for word, right in meant.items() if not right),
    }
    if meant and words_of(text) and (found := _page(all_of(text), wanted, size, most)).count:
        return replace(found, **said)
    found = Found()
    if len(words_of(text)) > 1:
        found = _page(any_of(text), wanted, size, most)
    return replace(found, **said, is_partly=found.count > 0)


def _meant(typed: str, meant: Mapping[str, str]) -> str:
    """A long word is known by its beginning, which alone was looked for."""
    return meant.get(typed[:LONGEST_WORD], typed)


def _page(query: Query, wanted: Wanted, size: int, most: int) -> Found:
    """That page; the first one where there is none so far behind."""
    page = min(max(1, wanted.page), LAST_PAGE)
    rows = _rows(query, wanted, {"size": size, "skip": (page - 1) * size, "most": most + 1})
    if not rows and page > 1:
        return _page(query, replace(wanted, page=1), size, most)
    count = rows[0][1] if rows else 0
    is_more = count > most
    return Found(ids=[pk for pk, _ in rows], count=min(count, most), is_more=is_more, page=page)


def _rows(query: Query, wanted: Wanted, bounds: dict[str, int]) -> list[tuple[int, int]]:
    asked = f"{query.reader}('shop_english', %(query)s)"
    walk, order = ORDERS[wanted.order]
    parts = {"buyable": BUYABLE, "query": asked, "walk": walk, "order": order.format(query=asked)}
    facts: dict[str, Any] = {
        "query": query.text,
        "category": wanted.category,
        "in_stock": wanted.in_stock,
        "cheapest": wanted.cheapest,
        "dearest": wanted.dearest,
    }
    with connection.cursor() as cursor:
        cursor.execute(FOUND.format(**parts), facts | bounds)
        return list(cursor.fetchall())
