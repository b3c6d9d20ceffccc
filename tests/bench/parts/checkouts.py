"""Fifty and two hundred people who pay at the same time; the payment takes the article's 0.8 s.

Once with the workers at work on the same cores, once with none: the web must not notice.
"""

from functools import partial

from tests.bench import truth
from tests.bench.crowds import Crowd
from tests.bench.customers import PROVIDER, Shop
from tests.bench.options import Options
from tests.bench.progress import say
from tests.bench.results import Result, Row
from tests.bench.runs import settle
from tests.bench.stage import Stage, ask, staged
from tests.bench.statistics import Mark, at_most
from tests.bench.watching import watching
from tests.rig.journals import accepted_of
from tests.rig.stand_alone import Servers

SIZES = (50, 200)
PAID = "SELECT count(*) FROM orders_order WHERE state = 'paid' AND number = ANY(%s)"
WEB_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'web'"
MOST_SESSIONS = 24
MODES = ("on", "none")


def checkouts(servers: Servers, options: Options) -> Result:
    """A crowd of each size, with workers and without."""
    result = Result("checkouts", "Many checkouts at once (payment 0.8 s)")
    for mode in MODES:
        with staged(servers, profile="payment") as stage:
            shop = stage.shop()
            stage.relay()
            if mode == "on":
                stage.crew()
            stage.ready()
            warm = shop.crowd(10).orders
            for size in SIZES:
                say(f"checkouts: {size} at once, workers {mode}")
                crowd, most = visit(shop, size, options.clicks)
                warm += crowd.orders
                result.rows.append(row(size, mode, crowd, most))
                result.marks += marks(size, mode, crowd, most)
                if crowd.mishaps:
                    result.notes.append(f"{size} customers, workers {mode}: {crowd.mishaps}")
            check(stage, warm, drained=mode == "on")
    result.notes.append(f"{options.clicks} checkouts a customer, in a closed loop")
    return result


def visit(shop: Shop, size: int, each: int) -> tuple[Crowd, int]:
    """The crowd, and the most database sessions the web had meanwhile."""
    with watching(partial(ask, WEB_SESSIONS), every=0.02) as watch:
        crowd = shop.crowd(size, each=each)
    return crowd, int(watch.most)


def check(stage: Stage, numbers: list[str], *, drained: bool) -> None:
    """Client, rows and books agree; with workers every effect is there as well."""
    if drained:
        say("checkouts: waiting for every effect")
        settle(stage, numbers)
    ledger = stage.journals()
    charges = sum(1 for key in accepted_of(ledger, set(numbers)) if key[1:] == truth.CHARGED)
    truth.same("orders", client=len(numbers), rows=ask(PAID, numbers), charges=charges)
    if drained:
        truth.whole(ledger, set(numbers), charged=True)


def row(size: int, mode: str, crowd: Crowd, most: int) -> Row:
    """One line of the table."""
    return {
        "customers": size,
        "workers": mode,
        **web_statistics(crowd),
        "errors": crowd.errors,
        "web's sessions": most,
    }


def web_statistics(crowd: Crowd) -> dict[str, float]:
    """What a customer notices, in checkouts a second and milliseconds."""
    waits = {f"p{at} ms": round(1000 * crowd.wait(at)) for at in (50, 95, 99)}
    return {"orders/s": round(crowd.rate, 1), **waits}


def marks(size: int, mode: str, crowd: Crowd, most: int) -> list[Mark]:
    """What was promised for a crowd of this size."""
    who = f"{size} customers, workers {mode}"
    found = [at_most(f"{who}: web's database sessions", most, MOST_SESSIONS)]
    if size == min(SIZES):
        found.append(at_most(f"{who}: p99", crowd.wait(99), 1.25 * PROVIDER, "s"))
    else:
        found.append(at_most(f"{who}: errors", crowd.errors, 0))
    return found
