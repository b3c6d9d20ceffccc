"""What a product is found by, as PostgreSQL makes it of its row.

What is not on sale is found by nothing, and no word of it is ever proposed.
"""

import json
from typing import Any

from shop.models import LONGEST_DESCRIPTION, LONGEST_WORD, Product

# Letters of the shortest word that is worth correcting, or is corrected to.
SHORTEST_WORD = 3
# The title above all; the description least of all: it tells of other things too.
VECTOR = """
    setweight(to_tsvector('shop_english', p.title), 'A')
    || setweight(to_tsvector('shop_english', p.subtitle || ' ' || p.venue), 'B')
    || setweight(to_tsvector('shop_english', concat(%(categories)s::jsonb ->> p.category)), 'C')
    || setweight(to_tsvector('shop_english', left(p.description, %(longest)s)), 'D')
"""
# Those without a stem are left out: nobody means `the`.
WORDS = """
    SELECT lexeme
    FROM unnest(
        to_tsvector('shop_words', concat_ws(
            ' ', p.title, p.subtitle, p.venue, %(categories)s::jsonb ->> p.category,
            left(p.description, %(longest)s)
        ))
    )
    WHERE length(lexeme) BETWEEN %(shortest_word)s AND %(longest_word)s
        AND ts_lexize('english_stem', lexeme) <> '{}'
"""
# Of the rows `p` of a statement, by the parameters below.
MADE = f"""
    CASE WHEN p.on_sale THEN {VECTOR} ELSE '' END AS vector,
    CASE WHEN p.on_sale THEN ARRAY({WORDS}) ELSE '{{}}' END AS words
"""


def parameters() -> dict[str, Any]:
    """Of `MADE`."""
    return {
        "categories": json.dumps(dict(Product.Category.choices)),
        "longest": LONGEST_DESCRIPTION,
        "shortest_word": SHORTEST_WORD,
        "longest_word": LONGEST_WORD,
    }
