"""Words that no product on sale has, and the words that were meant."""

from collections.abc import Mapping, Sequence

from django.db import connection

from shop.search.texts import SHORTEST_WORD
from shop.search.wanted import SHORTEST_BEGINNING

# Letters that may be wrong in a word of so many.
FORGIVEN = "CASE WHEN length({0}) < 5 THEN 1 WHEN length({0}) < 10 THEN 2 ELSE 3 END"
# The nearest of the alike ones that a product on sale has. The last look is at the products
# themselves: a word may have left the shop a moment ago.
ON_SALE = """
EXISTS (
    SELECT FROM shop_productsearch s JOIN shop_product p ON p.id = s.product_id
    WHERE s.vector @@ {0} AND p.on_sale
)
"""
ITSELF = "plainto_tsquery('shop_english', alike.word)"
ITS_BEGINNING = "to_tsquery('shop_english', quote_literal(asked) || ':*')"
CORRECTED = f"""
SELECT typed.word, coalesce((
    SELECT alike.word FROM (
        SELECT w.word, levenshtein(w.word, asked) AS far, similarity(w.word, asked) AS near,
            w.products
        FROM shop_searchword w WHERE w.word %% asked
    ) alike
    WHERE far <= {FORGIVEN.format("asked")} AND {ON_SALE.format(ITSELF)}
    ORDER BY far, near DESC, products DESC, word LIMIT 1
), '')
FROM unnest(%(words)s::text[]) AS typed (word), left(lower(unaccent(typed.word)), 40) AS asked
WHERE length(asked) >= %(shortest)s
    AND numnode(plainto_tsquery('shop_english', asked)) > 0
    AND NOT {ON_SALE.format(ITS_BEGINNING)}
"""  # noqa: S608  our own text


def corrected(words: Sequence[str]) -> Mapping[str, str]:
    """By each word that nothing on sale has, the one that was meant; "" where there is none."""
    with connection.cursor() as cursor:
        shortest = min(SHORTEST_WORD, SHORTEST_BEGINNING)
        cursor.execute(CORRECTED, {"words": list(words), "shortest": shortest})
        return dict(cursor.fetchall())
