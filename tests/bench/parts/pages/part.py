"""The first page: cold, warm, stale, with the cache away, and beside Django's own cache page.

Every state has its turn in each round, so that all have the same neighbours: by one visitor who
comes again and again, and by thirty who come at one moment.
"""

from collections import defaultdict
from collections.abc import Callable

from deferral.models import Event
from shop.warm.shelves import REBUILD, SHELF
from tests.bench.options import Options
from tests.bench.parts.pages.page import CROWD, Reader, crowd
from tests.bench.progress import say
from tests.bench.results import Result, Row
from tests.bench.stage import Stage, staged
from tests.bench.statistics import Mark, at_least, at_most, middle, percentile, ratio
from tests.rig.caching import RunningCache, running_cache
from tests.rig.stand_alone import Servers

TEXTBOOK = "tests.bench.parts.pages.textbook"
Prepare = Callable[[], None]


class Times:
    """Seconds by state: of one visitor, and of those who came together."""

    def __init__(self, each: int) -> None:
        self.each = each
        self.alone: dict[str, list[float]] = defaultdict(list)
        self.together: dict[str, list[float]] = defaultdict(list)

    def measure(self, stage: Stage, state: str, prepare: Prepare, *, always: bool = False) -> None:
        """After `prepare`, which is done before each request, or once before all."""
        address = f"{stage.address}/"
        reader = Reader(address)
        reader.read()
        crowd(address)  # a web begins its threads, and their sessions, when they are first needed
        prepare()
        for _ in range(self.each):
            if always:
                prepare()
            self.alone[state].append(reader.read())
        prepare()
        self.together[state] += crowd(address)

    def row(self, state: str) -> Row:
        """As it is printed."""
        alone, together = self.alone[state], self.together[state]
        waits = {f"p{at} ms": round(1_000 * percentile(alone, at), 1) for at in (50, 95)}
        slowest = round(1_000 * percentile(together, 95), 1)
        times = round(ratio(middle(alone), middle(self.alone["warm"])), 1)
        return {"cache": state, **waits, "times warm": times, f"{CROWD} at once, p95 ms": slowest}


def pages(servers: Servers, options: Options) -> Result:
    """Ours in every state, without a cache, and Django's."""
    result = Result("pages", f"The first page, {options.pages} times in each state of the cache")
    times, orders = Times(options.pages), 0
    for number in range(options.rounds):
        say(f"pages: round {number + 1} of {options.rounds}")
        with staged(servers) as stage, running_cache() as cache:
            orders = max(orders, ours(stage, cache, times))
        with staged(servers) as stage:
            stage.serve()
            times.measure(stage, "none", nothing)
        with staged(servers) as stage, running_cache() as cache:
            django(stage, cache, times)
    result.rows = [times.row(state) for state in times.alone]
    result.marks = marks(times, orders)
    result.notes.append("one visitor's requests one after the other; their cookies are kept")
    return result


def ours(stage: Stage, cache: RunningCache, times: Times) -> int:
    """One web for all states, whose cache is taken away in the end; rebuilds ordered when stale.

    No worker runs: what is stale stays so.
    """
    stage.env = {**stage.env, "CACHE_URL": cache.url}
    stage.serve()
    times.measure(stage, "warm", nothing)
    Event.objects.all().delete()
    times.measure(stage, "stale", lambda: change(cache))
    orders = Event.objects.filter(payload__task=REBUILD).count()
    times.measure(stage, "cold", lambda: empty(cache), always=True)
    cache.end()
    times.measure(stage, "away", nothing)
    return orders


def django(stage: Stage, cache: RunningCache, times: Times) -> None:
    """`cache_page`, whose key has the visitor's cookies in it: each has a page of their own."""
    stage.env = {**stage.env, "TEXTBOOK_CACHE": cache.url}
    stage.serve(TEXTBOOK)
    times.measure(stage, "cache_page, warm", nothing)
    times.measure(stage, "cache_page, expired", lambda: empty(cache), always=True)


def empty(cache: RunningCache) -> None:
    """As it starts."""
    with cache.client as line:
        line.flushall()


def change(cache: RunningCache) -> None:
    """As a change of a product makes it."""
    with cache.client as line:
        line.set(f"mark:{SHELF.name}:", "changed")


def nothing() -> None:
    """It is as it should be."""


def marks(times: Times, orders: int) -> list[Mark]:
    """What is promised of them."""
    warm, together = middle(times.alone["warm"]), times.together
    return [
        at_least("no cache, by warm", ratio(middle(times.alone["none"]), warm), 2.0, "x"),
        at_most("stale, by warm", ratio(middle(times.alone["stale"]), warm), 1.5, "x"),
        at_most(
            "away, by none",
            ratio(middle(times.alone["away"]), middle(times.alone["none"])),
            1.5,
            "x",
        ),
        at_most(
            f"{CROWD} on a stale page, p95 by warm",
            ratio(percentile(together["stale"], 95), percentile(together["warm"], 95)),
            1.5,
            "x",
        ),
        at_most("longest wait at a cold start", max(together["cold"]), 2.0, "s"),
        at_most("rebuilds ordered in half a minute of a stale page", orders, 2),
    ]
