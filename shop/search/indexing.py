"""Bringing the search up to what the products are now. In any order, as often as anybody asks.

A row is written only where it is of another version than its product: an older one, or a later one
where the product was restored. A job that comes late, or again, changes nothing, and of a burst of
changes the first job does the work of all. The counts of words move with the row, in one
transaction.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from django.db import connection, transaction
from psycopg import sql

from shop.search.tables import READ, Tables
from shop.search.texts import MADE, parameters

log = structlog.get_logger(__name__)

# Products whose row is missing, or of another version; and rows whose product is gone.
BEHIND = """
SELECT p.id FROM shop_product p LEFT JOIN {products} s ON s.product_id = p.id
WHERE s.source_version IS DISTINCT FROM p.version AND p.id = ANY(%(ids)s)
UNION ALL
SELECT s.product_id FROM {products} s
WHERE s.product_id = ANY(%(ids)s)
    AND NOT EXISTS (SELECT FROM shop_product p WHERE p.id = s.product_id)
"""
# So that each has a row to be locked: two who index the same product take turns.
NEW_ROWS = """
INSERT INTO {products} (product_id, source_version, vector, words)
SELECT id, 0, '', '{{}}' FROM shop_product WHERE id = ANY(%(ids)s) ORDER BY id
ON CONFLICT DO NOTHING
"""
LOCK = "SELECT FROM {products} WHERE product_id = ANY(%(ids)s) ORDER BY product_id FOR UPDATE"
# Words are counted in their order: whoever waits for one holds none that comes after it.
WRITE = """
WITH fresh AS MATERIALIZED (
    SELECT p.id, p.version, s.words AS had, {made}
    FROM shop_product p JOIN {products} s ON s.product_id = p.id
    WHERE p.id = ANY(%(ids)s) AND s.source_version <> p.version
), gone AS (
    DELETE FROM {products} s
    WHERE s.product_id = ANY(%(ids)s)
        AND NOT EXISTS (SELECT FROM shop_product p WHERE p.id = s.product_id)
    RETURNING s.words
), written AS (
    UPDATE {products} s SET vector = fresh.vector, words = fresh.words, source_version = version
    FROM fresh WHERE s.product_id = fresh.id
), counted AS (
    SELECT word, sum(n)::int AS n
    FROM (
        SELECT unnest(words) AS word, 1 AS n FROM fresh
        UNION ALL SELECT unnest(had), -1 FROM fresh
        UNION ALL SELECT unnest(words), -1 FROM gone
    ) each
    GROUP BY word HAVING sum(n) <> 0
)
INSERT INTO {words} AS w (word, products) SELECT word, n FROM counted ORDER BY word
ON CONFLICT (word) DO UPDATE SET products = w.products + excluded.products
RETURNING w.word, w.products
"""
FORGET = "DELETE FROM {words} WHERE word = ANY(%(words)s) AND products < 1"


def bring_up(ids: Sequence[int], tables: Tables = READ) -> int:
    """Index these products as they are now, and return how many were behind."""
    if not (behind := _ids(BEHIND, ids, tables)):
        log.info("search_overtaken", products=len(ids))
        return 0
    with transaction.atomic():
        _ids(NEW_ROWS, behind, tables)
        _ids(LOCK, behind, tables)
        counted = _rows(WRITE, {"ids": behind, **parameters()}, tables)
        if unused := [word for word, products in counted if products < 1]:
            _rows(FORGET, {"words": unused}, tables)
    log.info("search_brought_up", products=len(behind))
    return len(behind)


def _ids(statement: str, ids: Sequence[int], tables: Tables) -> list[int]:
    return [row[0] for row in _rows(statement, {"ids": list(ids)}, tables) if row]


def _rows(statement: str, facts: dict[str, Any], tables: Tables) -> list[tuple[Any, ...]]:
    """None of a statement that returns none."""
    with connection.cursor() as cursor:
        cursor.execute(tables.named(statement, made=sql.SQL(MADE)), facts)
        return cursor.fetchall() if cursor.description else []
