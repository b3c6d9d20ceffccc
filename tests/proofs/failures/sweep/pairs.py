"""Two deaths in one scenario, every pair of its steps: over an hour. Collected only when named.

`make test ARGS="tests/proofs/failures/sweep/pairs.py -k claimed"` takes the pairs with one step.
"""

import itertools
from collections.abc import Iterator

import pytest

from tests.proofs.failures.sweep.every_scenario import SCENARIOS
from tests.proofs.failures.sweep.visited_shop import VisitedShop

Death = tuple[str, str]


def pairs() -> Iterator[tuple[Death, Death]]:
    """Every two steps that lie in one scenario, in any order, and each step twice.

    Where a child and a thread can die at a step, a child does first, and a thread as the second.
    """
    for scenario in dict.fromkeys(SCENARIOS.values()):
        deaths = sorted(death for death in SCENARIOS if SCENARIOS[death] is scenario)
        firsts = {step: (step, victim) for step, victim in reversed(deaths)}
        seconds = {step: (step, victim) for step, victim in deaths}
        yield from itertools.product(firsts.values(), seconds.values())


def die_twice(shop: VisitedShop, first: Death, second: Death) -> None:
    """Play the scenario of `first`; die there, and at `second` if it still leads past it."""
    shop.may_shed = True
    shop.crash_at(*first)
    if first == second:
        shop.once_more = second
    else:
        shop.crash_at(*second)
    SCENARIOS[first](shop)


@pytest.mark.parametrize(("first", "second"), [*pairs()], ids="-".join)
def test_an_order_is_whole_after_deaths_at(shop: VisitedShop, first: Death, second: Death) -> None:
    die_twice(shop, first, second)

    assert shop.crashes() >= 1
