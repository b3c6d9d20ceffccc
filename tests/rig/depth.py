"""How much of what can be tried is tried: a share of it at home, where tests are waited for."""

import os
import random
from collections import defaultdict
from collections.abc import Iterable

import pytest

from tests.rig.starting import MARK

# Nobody waits for CI.
THOROUGH = os.environ.get("CI") == "true"

# Of several tests of one mechanism at home the quicker ones are run, in CI all.
thorough = pytest.mark.skipif(not THOROUGH, reason="the longest of their kind: CI=true runs it too")

# So many of one test's cases are tried at home, unless its mark `at_home` says another number:
# others each time, and all where a file is named.
CASES, CASES_WITH_PROCESSES = 4, 2


def left_out(items: Iterable[pytest.Item], seed: int) -> set[pytest.Item]:
    """The cases that are not tried this time, of no test all. One seed leaves out the same."""
    cases = defaultdict[str, list[pytest.Item]](list)
    for item in items:
        cases[item.nodeid.partition("[")[0]].append(item)
    dice, without = random.Random(seed), set[pytest.Item]()  # noqa: S311 - no secret
    for _, of_one in sorted(cases.items()):
        most = most_of(of_one[0])
        if len(of_one) > most:
            of_one.sort(key=lambda item: item.nodeid)
            without.update(dice.sample(of_one, len(of_one) - most))
    return without


def most_of(item: pytest.Item) -> int:
    """How many of its test's cases are tried at home."""
    if mark := item.get_closest_marker("at_home"):
        return int(mark.kwargs["cases"])
    return CASES_WITH_PROCESSES if item.get_closest_marker(MARK) else CASES
