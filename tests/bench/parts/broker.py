"""The broker dead, and hung: the customer must not notice, and the backlog drains afterwards.

Compared with a broker that is well while the workers stand still: otherwise the web would look
better without a broker, for it would have the machine to itself.
"""

import os
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from launcher.servers.process import Process
from tests.bench import truth
from tests.bench.crowds import Crowd
from tests.bench.customers import Shop
from tests.bench.options import Options
from tests.bench.parts.checkouts import check, web_statistics
from tests.bench.progress import say
from tests.bench.results import Result, Row
from tests.bench.runs import settle
from tests.bench.stage import Stage, staged
from tests.bench.statistics import Mark, at_most, middle, ratio
from tests.proofs.failures.broker import Broker
from tests.rig.stand_alone import Servers

CUSTOMERS = 50
WELL = "well, workers stopped"
WORSE = 1.10
Crowds = dict[str, list[Crowd]]
Drains = dict[str, list[float]]


def broker(servers: Servers, options: Options) -> Result:
    """Rounds of: workers stopped, broker killed, broker hung."""
    result = Result("broker", f"{CUSTOMERS} customers, the broker away (payment 0.8 s)")
    crowds: Crowds = defaultdict(list)
    drains: Drains = defaultdict(list)
    with staged(servers, profile="payment") as stage, own_broker(stage) as mine:
        shop = stage.shop()
        stage.relay(**mine.env)
        crew = stage.crew(**mine.env)
        stage.ready()
        settle(stage, shop.crowd(10).orders)
        for _ in range(options.broker_rounds):
            for name, away, back in states(mine, crew):
                say(f"broker: {name}")
                crowd, seconds = suffer(stage, shop, away, back, options.clicks)
                crowds[name].append(crowd)
                drains[name].append(seconds)
        numbers = [n for found in crowds.values() for crowd in found for n in crowd.orders]
        check(stage, numbers, drained=True)
    result.rows = [row(name, crowds[name], drains[name]) for name in crowds]
    result.marks = [mark for name in ("killed", "hung") for mark in marks(name, crowds)]
    result.notes.append("drained: seconds from the broker's return to the last effect in the books")
    return result


@contextmanager
def own_broker(stage: Stage) -> Iterator[Broker]:
    """One that others do not need."""
    found = Broker(stage.scratch / "valkey", stage.scratch / "v")
    try:
        yield found
    finally:
        stage.end()
        found.close()


State = tuple[str, Callable[[], None], Callable[[], None]]


def states(mine: Broker, crew: list[Process]) -> list[State]:
    """What happens before the crowd comes, and after it has gone."""

    def tell(number: signal.Signals) -> None:
        for process in crew:
            os.killpg(process.pid, number)

    return [
        (WELL, partial(tell, signal.SIGSTOP), partial(tell, signal.SIGCONT)),
        ("killed", mine.kill, mine.start_again),
        ("hung", mine.hang, mine.go_on),
    ]


def suffer(
    stage: Stage, shop: Shop, away: Callable[[], None], back: Callable[[], None], each: int
) -> tuple[Crowd, float]:
    """A crowd while something is away; seconds until everything is done once it is back."""
    away()
    crowd = shop.crowd(CUSTOMERS, each=each)
    back()
    began = time.time()
    settle(stage, crowd.orders)
    last = max(truth.moments(stage.journals(), set(crowd.orders)).values())
    return crowd, last - began


def row(name: str, crowds: list[Crowd], drains: list[float]) -> Row:
    """One line: medians of the rounds."""
    statistics = [web_statistics(crowd) for crowd in crowds]
    return {
        "broker": name,
        **{what: round(middle([each[what] for each in statistics]), 1) for what in statistics[0]},
        "errors": sum(crowd.errors for crowd in crowds),
        "backlog": sum(len(crowd.orders) for crowd in crowds),
        "drained s": "/".join(f"{seconds:.1f}" for seconds in drains),
    }


def marks(name: str, crowds: Crowds) -> list[Mark]:
    """No web figure worse by more than a tenth."""
    usual = crowds[WELL]
    found = [
        at_most(
            f"{name}: p{at}, times as long as well",
            ratio(
                middle([crowd.wait(at) for crowd in crowds[name]]),
                middle([crowd.wait(at) for crowd in usual]),
            ),
            WORSE,
            "x",
        )
        for at in (50, 95, 99)
    ]
    slower = ratio(
        middle([crowd.rate for crowd in usual]), middle([crowd.rate for crowd in crowds[name]])
    )
    errors = sum(crowd.errors for crowd in crowds[name])
    return [
        *found,
        at_most(f"{name}: times fewer orders/s", slower, WORSE, "x"),
        at_most(f"{name}: errors", errors, 0),
    ]
