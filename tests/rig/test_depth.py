"""At home a share of each test's cases is tried: never none of a test, and in time all of them."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

from tests.rig.depth import CASES, left_out


class Case:
    """As much of a test's case as is looked at."""

    def __init__(self, nodeid: str, at_home: int | None = None) -> None:
        self.nodeid, self.at_home = nodeid, at_home

    def get_closest_marker(self, name: str) -> SimpleNamespace | None:
        said = SimpleNamespace(kwargs={"cases": self.at_home})
        return said if name == "at_home" and self.at_home else None


def kept(cases: list[Any], seed: int) -> list[str]:
    without = left_out(cases, seed)
    return [one.nodeid for one in cases if one not in without]


def test_few_of_many_are_tried_and_what_has_no_cases_always() -> None:
    cases = [*(Case(f"a.py::many[{n}]") for n in range(50)), Case("a.py::one"), Case("a.py::b[1]")]

    found = Counter(one.partition("[")[0] for one in kept(cases, 7))
    assert found == {"a.py::many": CASES, "a.py::one": 1, "a.py::b": 1}


def test_every_process_of_a_run_leaves_out_the_same_and_the_next_run_others() -> None:
    cases = [Case(f"a.py::many[{n}]") for n in range(50)]

    assert kept(cases, 7) == kept(cases[::-1], 7)[::-1] != kept(cases, 8)
    assert len({one for seed in range(99) for one in kept(cases, seed)}) == 50


def test_a_test_says_itself_how_many_it_needs() -> None:
    assert len(kept([Case(f"a.py::deaths[{n}]", at_home=16) for n in range(50)], 7)) == 16
