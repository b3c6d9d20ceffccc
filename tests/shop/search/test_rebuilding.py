"""The search made again beside itself, while the shop sells and searches."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shop.models import Product, ProductSearch
from shop.search.lagging import lag
from shop.search.rebuilding import rebuild
from tests.shop.search.test_finding import asked
from tests.shop.search.test_indexing import true_words, words

Shop = dict[str, Product]
SHAPE = """
SELECT tablename, indexname, indexdef FROM pg_indexes
WHERE tablename IN ('shop_productsearch', 'shop_searchword') ORDER BY 2
"""
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, character_maximum_length
FROM information_schema.columns WHERE table_name LIKE '%%search%%' ORDER BY 1, 2
"""


def shape() -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        indexes = cursor.fetchall()
        cursor.execute(COLUMNS)
        return [indexes, cursor.fetchall()]


def reindex() -> str:
    said = StringIO()
    call_command("reindex", stdout=said)
    return said.getvalue()


def test_it_is_as_migrating_made_it_and_knows_every_product(open_shop: Shop) -> None:
    """Nothing was indexed; a row was lost, another is wrong."""
    before = shape()
    ProductSearch.objects.create(product_id=0, source_version=9, vector="", words=["gone"])
    said = reindex()

    assert "40 of 40 products\n40 products indexed in" in said
    assert (shape(), lag()) == (before, "")
    assert words() == true_words()
    assert asked("lantren").text == "lantern"
    assert reindex()
    assert shape() == before


def test_what_changes_meanwhile_is_in_it(open_search: Shop) -> None:
    def changed(_done: int, _total: int) -> None:
        Product.objects.filter(slug="harbour-mug").update(title="Beaker")
        Product.objects.filter(slug="oyster-knife").delete()

    rebuild(changed)

    assert (lag(), asked("beaker").count) == ("", 1)
    assert words() == true_words()


def test_it_is_searched_until_it_is_swapped_and_after(open_search: Shop) -> None:
    over = threading.Event()
    found: list[int] = []

    def search() -> None:
        try:
            while not over.is_set():
                found.append(asked("lantern").count)
        finally:
            connection.close()

    one = threading.Thread(target=search)
    one.start()
    for _ in range(3):
        reindex()
    over.set()
    one.join()

    assert len(set(found)) == 1
    assert found[0] > 1


def test_one_that_dies_leaves_the_search_as_it_was(open_search: Shop) -> None:
    def dies(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(dies)
    assert asked("lantern").count > 1

    assert "40 products indexed" in reindex()


def test_two_at_once_do_not_get_into_each_others_way(open_search: Shop) -> None:
    said: list[str] = []

    def second(_done: int, _total: int) -> None:
        def try_it() -> None:
            try:
                reindex()
            except CommandError as error:
                said.append(str(error))
            finally:
                connection.close()

        one = threading.Thread(target=try_it)
        one.start()
        one.join()

    rebuild(second)

    assert said == ["The search is being made again by somebody else."]
