"""The cache under a running shop: thirty read a stale page, it freezes, is gone, and comes back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from deferral.models import Job
from shop.warm.shelves import REBUILD, SHELF
from tests.rig.caching import RunningCache
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

READERS = 30


@pytest.fixture
def served(shop: RunningShop, cache: RunningCache) -> RunningShop:
    """Two web processes, a relay and the worker that rebuilds; everybody has been at the page."""
    shop.env = {**shop.env, "CACHE_URL": cache.url}
    shop.relay()
    shop.worker("background", "1")
    shop.serve()
    shop.ready()
    crowd(shop)
    eventually(lambda: not open_jobs(), show=shop.logs)
    return shop


def crowd(shop: RunningShop) -> None:
    """Thirty readers at once, each of whom gets all of the page."""
    with ThreadPoolExecutor(READERS) as readers:
        pages = list(readers.map(shop.answers, ["/"] * READERS))

    assert {page.status_code for page in pages} == {200}
    assert {page.text.count('class="card"') for page in pages} == {40}


def rebuilds() -> list[Job]:
    """Of the first page's shelf."""
    return list(Job.objects.filter(task=REBUILD, kwargs__name=SHELF.name, kwargs__of=""))


def open_jobs() -> int:
    return Job.objects.filter(queue="background").exclude(state__in=Job.SETTLED).count()


def change(cache: RunningCache) -> None:
    with cache.client as line:
        line.set(f"mark:{SHELF.name}:", "changed")


def test_thirty_readers_of_a_stale_page_in_two_processes_are_one_rebuild(
    served: RunningShop, cache: RunningCache
) -> None:
    before = len(rebuilds())
    change(cache)
    crowd(served)
    eventually(lambda: [job.state for job in rebuilds()[before:]] == ["done"], show=served.logs)

    crowd(served)
    assert len(rebuilds()) == before + 1


@thorough
def test_pages_come_while_the_cache_is_frozen_and_gone_and_it_is_used_when_it_is_back(
    served: RunningShop, cache: RunningCache
) -> None:
    with cache.frozen():
        crowd(served)
    cache.end()
    crowd(served)
    assert b"without the cache" in served.answers("/readyz").content

    cache.start()
    eventually(lambda: served.answers("/").ok and bool(cache.keys("warm:")), show=served.logs)
    crowd(served)
