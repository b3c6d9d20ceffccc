"""The benchmark's arithmetic: percentiles, ratios, marks."""

import math
import random
from statistics import NormalDist

import pytest

from tests.bench.statistics import at_least, at_most, middle, percentile, rank_test, ratio


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1), (1, 1), (50, 50), (95, 95), (99, 99), (100, 100)]
)
def test_a_percentile_is_the_value_of_its_rank(percent: float, expected: int) -> None:
    assert percentile([*range(100, 0, -1)], percent) == expected


def test_of_few_values_the_ninety_ninth_percentile_is_the_largest() -> None:
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0


def test_of_nothing_there_is_no_percentile_and_no_median() -> None:
    assert math.isnan(percentile([], 50))
    assert math.isnan(middle([]))


def test_one_bad_round_does_not_move_the_median() -> None:
    assert middle([10.0, 11.0, 900.0]) == 11.0


def test_nothing_can_be_compared_with_zero() -> None:
    assert math.isnan(ratio(5, 0))
    assert ratio(3, 2) == 1.5


def test_a_mark_is_met_up_to_its_limit() -> None:
    assert at_most("errors", 0, 0).met
    assert not at_most("p99", 1.01, 1.0).met
    assert at_least("ratio", 1.2, 1.2).met
    assert not at_least("ratio", 1.19, 1.2).met


def test_what_was_not_measured_meets_no_mark() -> None:
    assert not at_most("p50", math.nan, 1).met
    assert not at_least("ratio", math.nan, 1).met


def test_a_rank_test_tells_two_crowds_apart_only_where_they_differ() -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    some, others = ([chance.random() for _ in range(500)] for _ in range(2))

    assert rank_test(some, others) > 0.05
    assert rank_test(some, [each + 0.1 for each in others]) < 0.001
    assert rank_test([1.0] * 30, [1.0] * 30) == 1.0


def test_a_rank_test_has_the_value_of_the_textbook() -> None:
    """Without ties: U has a mean of mn/2 and a variance of mn(m + n + 1)/12."""
    some, others = [1.0, 4.0, 6.0, 7.0, 10.0, 13.0], [2.0, 3.0, 5.0, 8.0, 9.0, 11.0, 12.0, 14.0]
    u = sum(one > other for one in some for other in others)

    assert rank_test(some, others) == pytest.approx(2 * NormalDist().cdf(-abs(u - 24) / 60**0.5))
