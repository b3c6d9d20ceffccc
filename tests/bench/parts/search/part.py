"""The search: how long its page takes, what a saved product costs its request, and the jobs."""

import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

import requests
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import Product, ProductSearch, SearchWord
from shop.search.filters import Filters
from shop.search.finding import find
from shop.search.indexing import bring_up
from shop.search.rebuilding import rebuild
from shop.search.repairing import behind
from shop.views.search import shown
from tests.bench.options import Options
from tests.bench.parts.search import shelf
from tests.bench.parts.search.asked import Asked, searches
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.stage import Stage, ask, staged
from tests.bench.statistics import at_most, middle, percentile
from tests.rig.stand_alone import Servers

# Milliseconds within which 95 of 100 searches have found what they find.
MARK = 50
SAVES = 20
SIZE = "SELECT pg_total_relation_size('shop_productsearch') / 1048576"


def search(servers: Servers, options: Options) -> Result:
    """One customer after the other, over one connection."""
    result = Result("search", f"the search among {options.searched:,} products")
    say(f"search: {options.searched} products")
    shelf.fill(options.searched)
    try:
        seconds = taken(lambda: rebuild(lambda _done, _total: None))
        result.notes.append(
            f"manage.py reindex: {seconds:.0f} s, {ask(SIZE):,} MB; "
            f"{SearchWord.objects.count():,} different words."
        )
        with staged(servers) as stage:
            pages(stage, options.searches, result)
        saved(result)
        jobs(result)
    finally:
        shelf.empty()
        rebuild(lambda _done, _total: None)
    return result


def pages(stage: Stage, each: int, result: Result) -> None:
    """By kind, and all of them together: the search itself, then its whole page."""
    stage.shop()
    found, sent = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    with requests.Session() as line:
        for kind, asked in [("", {"q": "mug"})] * 20 + searches(each):
            found[kind].append(taken(partial(_find, asked)))
            sent[kind].append(taken(partial(_page, stage, line, asked)))
    for times in (found, sent):
        times.pop("")
        times["all of them"] = [one for some in times.values() for one in some]
    for kind, seconds in found.items():
        waits = {f"found, p{at} ms": _ms(seconds, at) for at in (50, 95, 99)}
        waits |= {f"page, p{at} ms": _ms(sent[kind], at) for at in (50, 95)}
        result.rows.append({"searched for": kind, "searches": len(seconds), **waits})
    result.marks.append(at_most("mixed searches, p95", _ms(found["all of them"], 95), MARK, "ms"))


def _ms(times: list[float], percent: int) -> float:
    return round(1_000 * percentile(times, percent), 1)


def _find(asked: Asked) -> None:
    """As the view does it: the statements, and the products with their pictures."""
    list(shown(find(Filters(asked).wanted(asked["q"]))))


def _page(stage: Stage, line: requests.Session, asked: Asked) -> None:
    answer = line.get(f"{stage.address}/search/", params=asked, timeout=30)
    assert answer.status_code == 200, answer.status_code


def saved(result: Result) -> None:
    """What a changed product costs whoever changes it: no statement is about the search."""
    product = Product.objects.get(slug="harbour-mug")
    times, about, count = [], 0, 0
    for number in range(SAVES):
        product.subtitle = f"Holds {number}"
        with CaptureQueriesContext(connection) as said:
            times.append(taken(product.save))
        count = len(said)
        about += sum("search" in query["sql"] for query in said)
    result.notes.append(f"A product saved: {count} statements, {1_000 * middle(times):.1f} ms.")
    result.marks.append(at_most("statements about the search while a product is saved", about, 0))


def jobs(result: Result) -> None:
    """What a job does, for one product and for a thousand; and the look of the hourly sweep."""
    some = list(
        Product.objects.filter(sku__startswith=shelf.SKU)[:1_000].values_list("pk", flat=True)
    )
    told = []
    for ids in (some[:1], some):
        ProductSearch.objects.filter(product_id__in=ids).update(source_version=0)
        told.append(f"{len(ids):,} indexed {1_000 * taken(lambda: bring_up(ids)):.0f} ms")  # noqa: B023
    again = 1_000 * taken(lambda: bring_up(some[:1]))
    told.append(f"one that was overtaken {again:.1f} ms")
    bring_up(behind(SAVES))
    told.append(f"the sweep's look {1_000 * taken(lambda: behind(1)):.0f} ms")
    result.notes.append(f"Jobs: {', '.join(told)}.")


def taken(deed: Callable[[], Any]) -> float:
    """Seconds."""
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began
