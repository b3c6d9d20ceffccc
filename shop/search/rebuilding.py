"""The whole search made again beside the one that is read, and put in its place in a moment.

For a changed configuration, damaged rows, or a doubt. The shop sells and searches meanwhile. What
changes while this runs goes into the tables that are read, and is caught up with before the swap.
Killed at any moment, it leaves the old search, and tables that the next run removes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg import sql

from deferral.errors import NotAllowed
from shop.events import MOST_AT_ONCE
from shop.models import Product
from shop.search.indexing import bring_up
from shop.search.repairing import behind
from shop.search.tables import BUILT
from shop.search.texts import MADE, parameters

# Of two numbers: locks of one number are the ledger's.
ALONE = (16, 4)
MAKE = """
CREATE TABLE {products} (LIKE shop_productsearch);
ALTER TABLE {products} ADD CONSTRAINT built_products_pkey PRIMARY KEY (product_id);
CREATE TABLE {words} (LIKE shop_searchword);
ALTER TABLE {words} ADD CONSTRAINT built_words_pkey PRIMARY KEY (word);
"""
# Not by the jobs' statement, which counts words product by product.
FILL = """
INSERT INTO {products} (product_id, source_version, vector, words)
SELECT p.id, p.version, {made} FROM shop_product p WHERE p.id = ANY(%(ids)s)
"""
COUNT = """
INSERT INTO {words} (word, products)
SELECT word, count(*) FROM {products}, unnest(words) AS word GROUP BY word
"""
# Entered at once: much quicker than row by row.
INDEX = """
CREATE INDEX built_vector ON {products} USING gin (vector) WITH (fastupdate = off);
CREATE INDEX built_trigrams ON {words} USING gin (word gin_trgm_ops) WITH (fastupdate = off);
ANALYZE {products};
ANALYZE {words};
"""
REMOVE = "DROP TABLE IF EXISTS {products}, {words}"
LOCK = "LOCK TABLE shop_productsearch, shop_searchword IN ACCESS EXCLUSIVE MODE"
SWAP = """
DROP TABLE shop_productsearch, shop_searchword;
ALTER TABLE {products} RENAME TO shop_productsearch;
ALTER TABLE {words} RENAME TO shop_searchword;
ALTER INDEX built_products_pkey RENAME TO shop_productsearch_pkey;
ALTER INDEX built_words_pkey RENAME TO shop_searchword_pkey;
ALTER INDEX built_vector RENAME TO product_search_vector;
ALTER INDEX built_trigrams RENAME TO search_word_trigrams;
"""
Told = Callable[[int, int], None]


def rebuild(told: Told) -> int:
    """Make all of it again, telling how many of how many are done; return how many rows it has.

    NotAllowed while somebody else does. OperationalError where the swap waits too long: nothing has
    changed then.
    """
    with _alone():
        _run(REMOVE)
        _run(MAKE)
        count = _fill(told)
        _run(INDEX)
        _catch_up()
        with transaction.atomic():
            _run(LOCK)
            _catch_up()
            _run(SWAP)
    return count


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", ALONE)
        if not cursor.fetchone()[0]:
            msg = "The search is being made again by somebody else."
            raise NotAllowed(msg)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", ALONE)


def _fill(told: Told) -> int:
    """A thousand in a transaction. What is added meanwhile comes with catching up."""
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    fill = BUILT.named(FILL, made=sql.SQL(MADE))
    for start in range(0, len(ids), MOST_AT_ONCE):
        with connection.cursor() as cursor:
            some = ids[start : start + MOST_AT_ONCE]
            cursor.execute(fill, {"ids": some, **parameters()})
        told(min(start + MOST_AT_ONCE, len(ids)), len(ids))
    _run(COUNT)
    return len(ids)


def _catch_up() -> None:
    while found := behind(MOST_AT_ONCE, BUILT):
        bring_up(found, BUILT)


def _run(statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in filter(None, map(str.strip, statements.split(";"))):
            cursor.execute(BUILT.named(statement))
