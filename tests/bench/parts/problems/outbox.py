"""The broker is dead while customers pay."""

import time
from collections.abc import Iterator

from kombu.exceptions import OperationalError

from tests.baselines import textbook
from tests.baselines.twins import paying_with, twin
from tests.bench.parts.problems.counting import mails, until
from tests.bench.producer import Placed, pay, place_orders
from tests.bench.results import Row
from tests.bench.stage import Stage, staged
from tests.bench.statistics import middle
from tests.bench.systems import LEDGER, TEXTBOOK
from tests.rig.stand_alone import Servers

NAME = "outbox"
WHAT = "20 orders are paid while the broker is dead; then it is back for 30 s"
ORDERS = 20
BACK_FOR = 30
NOWHERE = "redis+socket:///nowhere/valkey.sock"


def rows(servers: Servers) -> Iterator[Row]:
    """The textbook's `delay()` after the commit, and our event in it."""
    with staged(servers) as stage:
        placed = place_orders(ORDERS)
        yield outcome(stage, TEXTBOOK.title, placed, *pay_without_broker(placed))
    with staged(servers) as stage:
        placed = place_orders(ORDERS)
        relay = stage.relay(**LEDGER.env, BROKER_URL=NOWHERE)
        stage.ready()
        waits = [timed(order) for order in placed]
        relay.kill()
        yield outcome(stage, LEDGER.title, placed, waits, 0)


def pay_without_broker(placed: list[Placed]) -> tuple[list[float], int]:
    """How long each payment took, and how many customers were shown an error."""
    cut_off = twin("cut off", **textbook.OPTIONS)
    cut_off.conf.update(broker_url=NOWHERE)
    waits, errors = [], 0
    with paying_with(cut_off):
        for order in placed:
            began = time.monotonic()
            try:
                pay([order])
            except (OperationalError, OSError):
                errors += 1
            waits.append(time.monotonic() - began)
    return waits, errors


def timed(order: Placed) -> float:
    """Pay one; the seconds it took."""
    began = time.monotonic()
    pay([order])
    return time.monotonic() - began


def outcome(stage: Stage, way: str, placed: list[Placed], waits: list[float], errors: int) -> Row:
    """The broker is back: what arrives?"""
    (TEXTBOOK if way == TEXTBOOK.title else LEDGER).start(stage)
    until(lambda: mails(stage, placed) == len(placed), patience=BACK_FOR)
    found = mails(stage, placed)
    return {
        "problem": NAME,
        "way": way,
        "orders": len(placed),
        "lost": len(placed) - found,
        "what else": f"{errors} customers saw an error; paying took {1000 * middle(waits):.0f} ms",
    }
