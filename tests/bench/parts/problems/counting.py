"""Looking at the external services' journals until something is there, or is not."""

import time
from collections.abc import Callable, Sequence

from tests.bench.producer import Placed
from tests.bench.stage import Stage
from tests.rig.journals import accepted_of


def mails(stage: Stage, orders: Sequence[Placed]) -> int:
    """How many of the orders have their confirmation."""
    found = accepted_of(stage.journals(), {order.number for order in orders})
    return sum(found[order.number, "mail", "Your order"] > 0 for order in orders)


def until(happened: Callable[[], bool], *, patience: float) -> float:
    """Look until it happened or `patience` seconds are over; the seconds it took."""
    began = time.monotonic()
    while not happened() and time.monotonic() < began + patience:
        time.sleep(0.1)
    return time.monotonic() - began
