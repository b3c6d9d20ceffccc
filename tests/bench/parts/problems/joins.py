"""A worker's process dies between "the part's result is stored" and "the part is counted"."""

from collections.abc import Iterator

from tests.bench.parts.problems.counting import mails, until
from tests.bench.producer import pay, place_orders
from tests.bench.results import Row
from tests.bench.stage import staged
from tests.bench.systems import CHORDS, DEFAULTS, TEXTBOOK, System
from tests.rig.stand_alone import Servers

NAME = "joins"
WHAT = "5 orders; one process is killed between storing a part's result and counting it; 30 s"
ORDERS = 5
PATIENCE = 30


def rows(servers: Servers) -> Iterator[Row]:
    """The same kill for the three of them."""
    return (row(servers, system) for system in (DEFAULTS, TEXTBOOK, CHORDS))


def row(servers: Servers, system: System) -> Row:
    """Whose mail never comes."""
    with staged(servers) as stage:
        crash = stage.crash_at("result_stored")
        system.start(stage, **crash)
        placed = place_orders(ORDERS)
        with system.paying():
            pay(placed)
        waited = until(lambda: mails(stage, placed) == ORDERS, patience=PATIENCE)
        found, killed = mails(stage, placed), stage.crashes()
    last = f"whole after {waited:.1f} s" if found == ORDERS else "every part is green"
    return {
        "problem": NAME,
        "way": system.title,
        "orders": ORDERS,
        "lost": ORDERS - found,
        "what else": f"{killed} kill; {last}",
    }
