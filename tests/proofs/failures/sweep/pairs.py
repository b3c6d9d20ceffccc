"""Two deaths in one scenario, every pair of its steps: half an hour. Collected only when named.

`make test ARGS="tests/proofs/failures/sweep/pairs.py -k claimed"` takes the pairs with one step.
"""

import itertools
from collections.abc import Iterator

import pytest

from tests.proofs.failures.sweep import scenarios_inside, scenarios_outside  # noqa: F401  registered
from tests.proofs.failures.sweep.scenarios import SCENARIOS
from tests.proofs.failures.sweep.visited_shop import VisitedShop


def pairs() -> Iterator[tuple[str, str]]:
    """Every two steps that lie in one scenario, in any order, and each step twice."""
    for scenario in dict.fromkeys(SCENARIOS.values()):
        steps = [step for step in SCENARIOS if SCENARIOS[step] is scenario]
        yield from itertools.product(steps, steps)


def die_twice(shop: VisitedShop, first: str, second: str) -> None:
    """Play the scenario of `first`; die there, and at `second` if it still leads past it."""
    shop.crash_at(first)
    if first == second:
        shop.once_more = second
    else:
        shop.crash_at(second)
    SCENARIOS[first](shop)


@pytest.mark.parametrize(("first", "second"), [*pairs()])
def test_an_order_is_whole_after_deaths_at(shop: VisitedShop, first: str, second: str) -> None:
    die_twice(shop, first, second)

    assert shop.crashes() >= 1
