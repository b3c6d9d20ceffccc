"""What the search has missed: changes that nobody announced, dead jobs, rows that were lost.

Once an hour. It costs a look at each product, so it is not for the first page.
"""

from django.db import connection

from deferral.enqueueing import enqueue
from deferral.names import new_tag
from shop.events import MOST_AT_ONCE
from shop.search.indexing import bring_up
from shop.search.tables import READ, Tables

SWEEP = "shop.sweep_search"
BEHIND = """
SELECT p.id FROM shop_product p LEFT JOIN {products} s ON s.product_id = p.id
WHERE s.source_version IS DISTINCT FROM p.version
UNION ALL
SELECT s.product_id FROM {products} s LEFT JOIN shop_product p ON p.id = s.product_id
WHERE p.id IS NULL
LIMIT %s
"""


def behind(most: int, tables: Tables = READ) -> list[int]:
    """Products whose row is missing or of another version, and those that are gone and have one: so
    many.
    """
    with connection.cursor() as cursor:
        cursor.execute(tables.named(BEHIND), [most])
        return [row[0] for row in cursor]


def repair() -> int:
    """Bring up a thousand of them, and ask for another job where there may be more."""
    found = behind(MOST_AT_ONCE)
    count = bring_up(found)
    if found and count == MOST_AT_ONCE:
        enqueue(SWEEP, key=f"search_sweep:{new_tag()}", subject="search")
    return count
