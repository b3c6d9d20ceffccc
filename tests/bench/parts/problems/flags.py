"""SET NX as a guard against doing it twice; killed after the flag and before the mail."""

from collections.abc import Iterator

from celery import current_app

from tests.bench.parts.problems.counting import mails, until
from tests.bench.producer import pay, place_orders
from tests.bench.results import Row
from tests.bench.stage import staged
from tests.bench.systems import LEDGER, TEXTBOOK
from tests.rig.stand_alone import Servers

NAME = "flags"
WHAT = "5 confirmations; one process is killed once, before its mail (SET NX: after its flag); 20 s"
ORDERS = 5
PATIENCE = 20


def rows(servers: Servers) -> Iterator[Row]:
    """The flag, and the claim."""
    with staged(servers) as stage:
        TEXTBOOK.start(stage, **stage.crash_at("flag_set"))
        placed = place_orders(ORDERS)
        with TEXTBOOK.paying():
            for order in placed:
                current_app.send_task("baselines.flag_first", [order.id], queue="critical")
        until(lambda: mails(stage, placed) == ORDERS, patience=PATIENCE)
        yield row("SET NX, acks_late", ORDERS - mails(stage, placed), stage.crashes())
    with staged(servers) as stage:
        LEDGER.start(stage, **stage.crash_at("claimed"))
        placed = place_orders(ORDERS)
        pay(placed)
        until(lambda: mails(stage, placed) == ORDERS, patience=PATIENCE)
        yield row(LEDGER.title, ORDERS - mails(stage, placed), stage.crashes())


def row(way: str, lost: int, kills: int) -> Row:
    """Who was killed how often, and what is missing."""
    what = f"{kills} kill"
    return {"problem": NAME, "way": way, "orders": ORDERS, "lost": lost, "what else": what}
