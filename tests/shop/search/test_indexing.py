"""The search follows the products: once for each change, in any order, whoever is killed."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from deferral.events import EVENTS
from deferral.handlers import job
from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from shop import tasks
from shop.handlers import index_many, index_product
from shop.models import Product, ProductSearch, SearchWord
from shop.search.indexing import bring_up
from shop.search.lagging import lag
from shop.search.repairing import behind, repair
from tests.deferral.bench import run
from tests.rig.stocking import index_shop
from tests.rig.waiting import eventually
from tests.shop.search.test_finding import asked, titles

Shop = dict[str, Product]
TRUE_WORDS = """
SELECT word, count(*) FROM shop_productsearch, unnest(words) word GROUP BY word
"""


def true_words() -> dict[str, int]:
    """What each word's count has to be, counted anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, count(*) FROM shop_productsearch, unnest(words) word GROUP BY word"
        )
        return dict(cursor.fetchall())


def words() -> dict[str, int]:
    return dict(SearchWord.objects.values_list("word", "products"))


def waiting() -> list[Job]:
    while expand_events():
        """Those of one product one after the other."""
    return list(Job.objects.filter(task="shop.index_products", state="pending").order_by("pk"))


def work_off() -> None:
    for one in waiting():
        assert run(one).state == "done"


def test_a_change_is_found_once_its_job_has_run(open_search: Shop) -> None:
    Product.objects.filter(slug="harbour-mug").update(title="Quayside beaker")
    assert asked("beaker").count == 0
    work_off()

    assert titles(asked("beaker")) == ["Quayside beaker"]
    assert titles(asked("quaysid beakr")) == ["Quayside beaker"]
    assert words() == true_words()


def test_a_product_that_goes_takes_its_words_along(open_search: Shop) -> None:
    product = open_search["oyster-knife"]
    own = set(ProductSearch.objects.get(product_id=product.pk).words)
    product.delete()
    work_off()

    assert not ProductSearch.objects.filter(product_id=product.pk).exists()
    assert words() == true_words()
    assert own - words().keys()


def test_what_is_taken_off_sale_is_found_by_nothing(open_search: Shop) -> None:
    Product.objects.filter(slug="oyster-knife").update(on_sale=False)
    work_off()

    row = ProductSearch.objects.get(product_id=open_search["oyster-knife"].pk)
    assert (row.vector, row.words) == ("", [])
    assert words() == true_words()


def test_a_job_that_comes_late_changes_nothing(searched: Shop) -> None:
    """A newer one has written what it would write."""
    mug = searched["harbour-mug"]
    ProductSearch.objects.filter(product_id=mug.pk).update(words=["marked"])

    assert bring_up([mug.pk]) == 0
    assert ProductSearch.objects.get(product_id=mug.pk).words == ["marked"]


def test_of_a_burst_one_job_does_the_work(open_search: Shop) -> None:
    for price in range(5):
        Product.objects.filter(slug="harbour-mug").update(price_cents=1_000 + price)
    first, *others = waiting()
    assert (run(first).state, len(others)) == ("done", 4)

    for one in others:
        with CaptureQueriesContext(connection) as said:
            assert run(one).state == "done"
        assert not [query for query in said if "to_tsvector" in query["sql"]]


def test_jobs_in_any_order_and_again_end_with_what_is_true(open_search: Shop) -> None:
    for title in ("Beaker", "Cup", "Tankard"):
        Product.objects.filter(slug="harbour-mug").update(title=title)
    jobs = waiting()
    for one in [*reversed(jobs), *jobs]:
        Job.objects.filter(pk=one.pk).update(state="pending")
        run(one)

    assert asked("tankard").count == 1
    assert "beaker" not in words()
    assert words() == true_words()


def restored(kind: str) -> Any:
    [event] = Event.objects.filter(type=kind)
    return EVENTS[kind].restore(event.payload)


def test_a_change_of_many_is_one_job(stocked: Shop) -> None:
    Product.objects.update(position=5)
    fact = restored("shop.products_changed")

    [spec] = index_many(fact)
    assert spec.key == f"search:{fact.change}"
    assert spec.kwargs == {"product_ids": sorted(one.pk for one in stocked.values())}


def test_a_job_is_keyed_by_the_product_and_its_version(stocked: Shop) -> None:
    mug = stocked["harbour-mug"]
    Product.objects.filter(pk=mug.pk).update(title="Beaker")

    [spec] = index_product(restored("shop.product_changed"))
    assert (spec.key, spec.spec.queue) == (f"search:{mug.pk}:2", "background")


def test_saving_a_product_does_no_work_of_the_search(
    searched: Shop, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """A transaction, the row, its version, the event."""
    mug = searched["harbour-mug"]
    mug.title = "Beaker"
    with django_assert_max_num_queries(5) as said:
        mug.save()

    assert not [one for one in said.captured_queries if "search" in one["sql"]]


def test_the_sweep_finds_what_nobody_announced(open_search: Shop) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_product SET title = 'Beaker' WHERE slug = 'harbour-mug'")
        cursor.execute("DELETE FROM shop_product WHERE slug = 'oyster-knife'")
    ProductSearch.objects.filter(product_id=open_search["low-tide"].pk).delete()
    assert lag() == "3 products"
    spec = job(tasks.sweep_search, key="sweep")
    Job.objects.create(key="sweep", subject="s", task=spec.spec.name, queue="background")

    assert run(Job.objects.get(key="sweep")).state == "done"
    assert (lag(), asked("beaker").count) == ("", 1)


def test_a_product_that_is_restored_to_an_older_version_is_indexed_as_it_is(
    open_search: Shop,
) -> None:
    mug = open_search["harbour-mug"]
    for title in ("Beaker", "Tumbler"):
        Product.objects.filter(pk=mug.pk).update(title=title)
    bring_up([mug.pk])
    Product.objects.filter(pk=mug.pk).delete()
    mug.save(force_insert=True)
    Event.objects.all().delete()  # a restore announces nothing

    assert ProductSearch.objects.get(product_id=mug.pk).source_version > mug.version
    assert (lag(), repair(), lag()) == ("1 product", 1, "")
    assert (asked("tumbler").count, titles(asked("harbour mug"))[0]) == (0, mug.title)
    assert words() == true_words()


def test_a_sweep_that_finds_a_thousand_asks_for_another(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.search.repairing.MOST_AT_ONCE", 25)
    with transaction.atomic():
        assert repair() == 25
    expand_events()
    [more] = Job.objects.filter(task="shop.sweep_search")

    assert run(more).state == "done"
    assert (behind(100), Job.objects.filter(task="shop.sweep_search").count()) == ([], 1)


def test_many_at_once_count_each_word_once(open_shop: Shop) -> None:
    """Two workers index the same products, and others, and each waits for the other's rows."""
    ids = [product.pk for product in open_shop.values()]
    parts = [ids, list(reversed(ids)), ids[:20], ids[20:]]
    threads = [threading.Thread(target=_index, args=(part,)) for part in parts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert (behind(1), words()) == ([], true_words())


def test_two_that_index_the_same_product_take_turns(open_search: Shop) -> None:
    mug = open_search["harbour-mug"]
    Product.objects.filter(pk=mug.pk).update(title="Beaker")
    second = threading.Thread(target=_index, args=([mug.pk],))
    with transaction.atomic():
        bring_up([mug.pk])
        second.start()
        eventually(_somebody_waits)
    second.join()

    assert (behind(1), words()) == ([], true_words())


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def _index(ids: list[int]) -> None:
    try:
        for pk in ids:
            bring_up([pk])
        bring_up(ids)
    finally:
        connection.close()


def test_the_words_are_what_people_write(searched: Shop) -> None:
    Product.objects.filter(slug="low-tide").update(
        title="Café au lait 2024", description="http://x.example/y it a an the x" + "y" * 60
    )
    index_shop()
    [row] = ProductSearch.objects.filter(product_id=searched["low-tide"].pk)

    assert {"cafe", "lait"} <= set(row.words)
    assert not {"the", "2024", "au"} & set(row.words)
    assert max(map(len, row.words)) <= 40
