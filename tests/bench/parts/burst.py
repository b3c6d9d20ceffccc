"""Twenty times as much work as can be done: customers, confirmations, memory, and what is let go.

And how fast more workers get through it: with external services that answer at once the two cores
are the limit, with the article's the waiting is.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from launcher.workers import Worker
from tests.bench import truth
from tests.bench.crowds import Crowd
from tests.bench.options import Options
from tests.bench.parts.checkouts import web_statistics
from tests.bench.processes import resident_mib
from tests.bench.producer import Placed, pay, place_orders
from tests.bench.progress import say
from tests.bench.results import Result, Row
from tests.bench.runs import settle
from tests.bench.stage import Stage, ask, staged
from tests.bench.statistics import Mark, at_least, at_most, percentile, ratio
from tests.rig.processes import EVERY_QUEUE
from tests.rig.stand_alone import Servers
from tests.rig.waiting import eventually

# Orders a second that these two cores settle, and how many times that comes at once.
SUSTAINED, TIMES = 6.0, 20
CUSTOMERS = 5
SIZES = (1, 2, 4)
SLOW = "article"
SHED = "SELECT coalesce(sum(shed), 0) FROM deferral_shedding"
LEVEL = "SELECT coalesce(max(level), 0) FROM deferral_queuesample"
QUIET = """
SELECT NOT EXISTS (SELECT FROM deferral_job WHERE state IN ('waiting', 'pending', 'running'))
   AND NOT EXISTS (SELECT FROM deferral_event WHERE state = 'pending')
"""
EXPANDED = """
SELECT NOT EXISTS (SELECT FROM deferral_event WHERE state = 'pending')
   AND EXISTS (SELECT FROM deferral_job WHERE state = 'pending' AND sent_at IS NOT NULL)
"""


@dataclass
class Storm:
    """What was seen of it. Memory in MiB, `done` in seconds after the last payment."""

    usual: Crowd
    crowd: Crowd
    memory: dict[str, list[float]]
    done: dict[str, list[float]]
    shed: int
    level: int


def burst(servers: Servers, options: Options) -> Result:
    """The storm, then the drains."""
    result = Result("burst", f"A burst of {TIMES} times what can be done, and draining it")
    orders = round(SUSTAINED * TIMES * options.burst_seconds)
    with staged(servers, profile="payment", sheds=True) as stage:
        storm = weather(stage, orders, options)
    result.rows = [*storm_rows(storm), *drains(servers, options)]
    result.marks = [*storm_marks(storm), *drain_marks(result.rows)]
    result.notes.append(f"{orders} orders paid within seconds; {CUSTOMERS} customers check out")
    result.notes.append(f"{storm.shed} of {orders} analytics counts were shed; nothing else was")
    result.notes.append("done: seconds after the burst until this effect of 50 % / all orders")
    return result


def weather(stage: Stage, orders: int, options: Options) -> Storm:
    """Customers as usual, the burst, and customers while it is being worked on."""
    say("burst: customers as usual")
    shop = stage.shop()
    processes = {"web": [stage.named("web")], "relay": [stage.relay()], "workers": stage.crew()}
    stage.ready()
    settle(stage, shop.crowd(CUSTOMERS, each=2).orders)
    usual = shop.crowd(CUSTOMERS, each=options.burst_clicks)
    settle(stage, usual.orders)
    placed = place_orders(orders)
    memory = {role: [resident(group)] for role, group in processes.items()}
    say(f"burst: {orders} orders at once")
    pay(placed)
    began = time.time()
    crowd = shop.crowd(CUSTOMERS, each=options.burst_clicks)
    say("burst: waiting for every effect")
    for role, group in processes.items():
        memory[role].append(resident(group))
    eventually(lambda: ask(QUIET), patience=40 * orders, show=stage.logs)
    for role, group in processes.items():
        memory[role].append(resident(group))
    done = moments(stage, placed, began)
    return Storm(usual, crowd, memory, done, int(ask(SHED)), int(ask(LEVEL)))


def moments(stage: Stage, placed: list[Placed], began: float) -> dict[str, list[float]]:
    """By service: when each order's effect was accepted. Differs when one is not there once."""
    ledger, numbers = stage.journals(), {order.number for order in placed}
    truth.whole(ledger, numbers, but=("analytics",))
    return {
        name: [at - began for at in truth.moments(ledger, numbers, name).values()]
        for name in ("mail", "partner", "warehouse", "audit-archive")
    }


def resident(group: list[Any]) -> float:
    """MiB of some processes and their children."""
    return sum(resident_mib(process.pid) for process in group)


def storm_rows(storm: Storm) -> Iterator[Row]:
    """What customers saw, then when each effect was there, then memory."""
    for name, crowd in (("as usual", storm.usual), ("in the burst", storm.crowd)):
        yield {"what": f"checkouts {name}", **web_statistics(crowd), "errors": crowd.errors}
    for name, done in storm.done.items():
        half, last = percentile(done, 50), max(done)
        yield {"what": f"{name}: done", "50 % s": round(half, 1), "all s": round(last, 1)}
    for name, mib in storm.memory.items():
        yield {
            "what": f"{name}: MiB",
            "before": round(mib[0]),
            "in it": round(mib[1]),
            "after": round(mib[2]),
        }


def storm_marks(storm: Storm) -> Iterator[Mark]:
    """What was promised."""
    worse = ratio(storm.crowd.wait(95), storm.usual.wait(95))
    yield at_most("checkout p95, times as long as usual", worse, 1.2, "x")
    yield at_most("errors", storm.crowd.errors, 0)
    mails = storm.done["mail"]
    half = ratio(percentile(mails, 50), max(mails))
    yield at_most("half of the e-mails, of the time of the last", half, 0.65, "x")
    for role, mib in storm.memory.items():
        yield at_most(f"{role}: memory, times as much", ratio(max(mib), mib[0]), 1.15, "x")


def drains(servers: Servers, options: Options) -> Iterator[Row]:
    """The same backlog with one, two and four processes, fast external services and slow ones."""
    for profile, orders in (("fast", options.drain_fast), (SLOW, options.drain_slow)):
        for size in SIZES:
            say(f"burst: {orders} orders, {profile} external services, {size} processes")
            rate = drain(servers, profile, size, orders)
            yield {
                "what": f"drain, {profile} external services",
                "processes": size,
                "orders/s": round(rate, 2),
            }


def drain(servers: Servers, profile: str, size: int, orders: int) -> float:
    """Orders a second, from the first effect to the last."""
    with staged(servers, profile=profile) as stage:
        stage.relay()
        placed = place_orders(orders)
        pay(placed)
        eventually(lambda: ask(EXPANDED), patience=60, show=stage.logs)
        stage.celery(Worker("all", EVERY_QUEUE, size))
        eventually(lambda: ask(QUIET), patience=60 * orders, show=stage.logs)
        ledger, numbers = stage.journals(), {order.number for order in placed}
        truth.whole(ledger, numbers, but=("analytics",))
        times = [at for _, at in truth.arrivals(ledger, numbers)]
        return orders / (max(times) - min(times))


def drain_marks(rows: list[Row]) -> Iterator[Mark]:
    """Slow external services: four times the processes, nearly four times the rate."""
    rates = {row["processes"]: float(row["orders/s"]) for row in rows if SLOW in str(row["what"])}
    yield at_least("slow external services: 4 processes / 1", ratio(rates[4], rates[1]), 3.4, "x")
    yield at_least("slow external services: 2 processes / 1", ratio(rates[2], rates[1]), 1.8, "x")
