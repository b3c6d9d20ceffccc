"""Two deaths on one way, every pair of its steps: half an hour. Collected only when it is named.

`make test ARGS="tests/proofs/failures/sweep/pairs.py -k claimed"` takes the pairs with one step.
"""

import itertools
from collections.abc import Iterator

import pytest

from tests.proofs.failures.sweep import accidents, detours  # noqa: F401  their ways
from tests.proofs.failures.sweep.street import Street
from tests.proofs.failures.sweep.ways import WAYS


def pairs() -> Iterator[tuple[str, str]]:
    """Every two steps that lie on one way, in any order, and each step twice."""
    for way in dict.fromkeys(WAYS.values()):
        steps = [step for step in WAYS if WAYS[step] is way]
        yield from itertools.product(steps, steps)


def die_twice(street: Street, first: str, second: str) -> None:
    """Go the way of `first`; die there, and at `second` if the way still leads past it."""
    street.crash_at(first)
    if first == second:
        street.once_more = second
    else:
        street.crash_at(second)
    WAYS[first](street)


@pytest.mark.parametrize(("first", "second"), [*pairs()])
def test_an_order_is_whole_after_deaths_at(street: Street, first: str, second: str) -> None:
    die_twice(street, first, second)

    assert street.crashes() >= 1
