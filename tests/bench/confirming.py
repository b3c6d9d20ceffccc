"""From payment to e-mail, for orders that come at a steady pace."""

from collections.abc import Sequence
from functools import partial

from tests.bench import truth
from tests.bench.producer import paid_at, pay, place_orders
from tests.bench.stage import Stage
from tests.bench.statistics import Mark, at_most, percentile, ratio
from tests.rig.waiting import eventually

PACE = 2.0  # orders a second
PATIENCE = 300.0
SLOWER = 1.2
Waits = list[float]


def to_mail(stage: Stage, orders: int) -> Waits:
    """Seconds to the e-mail of each of so many orders."""
    placed = place_orders(orders)
    pay(placed, per_second=PACE)
    numbers = {order.number for order in placed}
    eventually(partial(all_mailed, stage, numbers), patience=PATIENCE, show=stage.logs)
    mails, paid = truth.moments(stage.journals(), numbers, "mail"), paid_at(placed)
    return [mails[number] - paid[number] for number in numbers]


def all_mailed(stage: Stage, numbers: set[str]) -> bool:
    """Whether each has its confirmation."""
    return len(truth.moments(stage.journals(), numbers, "mail")) == len(numbers)


def slower(quiet: Sequence[float], busy: Sequence[float], what: str) -> Mark:
    """How much longer they take beside something."""
    found = ratio(percentile(busy, 95), percentile(quiet, 95))
    return at_most(f"confirmations beside {what} / alone, p95", found, SLOWER, "x")


def told(found: Sequence[float]) -> str:
    """Half of them, and nearly all."""
    return ", ".join(f"p{at} {percentile(found, at):.2f}" for at in (50, 95))
