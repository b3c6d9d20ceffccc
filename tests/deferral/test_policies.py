"""How long to wait, and how often: exponential, with jitter, bounded."""

import pytest

from deferral.policies import BRIEF, PATIENT, PROMPT, RetryPolicy, Timetable
from webhooks.tasks import WEBHOOK

PLAIN = RetryPolicy(attempts=5, first=1, ceiling=60, jitter=0)


def test_each_wait_is_twice_the_last_up_to_the_ceiling() -> None:
    assert [PLAIN.wait(attempt) for attempt in (1, 2, 3, 6, 7, 8)] == [1, 2, 4, 32, 60, 60]


def test_jitter_spreads_waits_by_a_fifth_either_way() -> None:
    waits = {RetryPolicy(attempts=1, first=100, ceiling=100).wait(1) for _ in range(200)}

    assert len(waits) > 100
    assert 80 <= min(waits) < 90 < 110 < max(waits) <= 120


def test_a_receivers_retry_after_lengthens_the_wait_and_never_shortens_it() -> None:
    assert [PLAIN.wait(3, retry_after=retry_after) for retry_after in (0, 1, 30, 999)] == [
        4,
        4,
        30,
        60,
    ]


def test_no_number_of_attempts_is_too_many_to_compute() -> None:
    assert PLAIN.wait(100_000) == 60


@pytest.mark.parametrize(
    ("policy", "min_wait", "most"), [(PROMPT, 2_700, 4_500), (PATIENT, 60, 84), (BRIEF, 20, 90)]
)
def test_policies_give_up_when_they_say(policy: RetryPolicy, min_wait: int, most: int) -> None:
    total = sum(policy.wait(attempt) for attempt in range(1, policy.attempts))
    unit = 3_600 if policy is PATIENT else 1

    assert min_wait < total / unit < most


def test_webhooks_are_tried_as_their_specification_says() -> None:
    """At once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h: 75.6 hours."""
    exact = Timetable(waits=WEBHOOK.waits, jitter=0)
    waits = [exact.wait(attempt) for attempt in range(1, WEBHOOK.attempts)]

    assert WEBHOOK.attempts == 10
    assert waits == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert round(sum(waits) / 3_600, 1) == 75.6


def test_a_timetable_spreads_by_a_fifth_either_way() -> None:
    waits = {WEBHOOK.wait(2) for _ in range(200)}

    assert 240 <= min(waits) < 270 < 330 < max(waits) <= 360


@pytest.mark.parametrize(
    ("retry_after", "wait"), [(None, 300), (10, 300), (450, 450), (9_999, 600)]
)
def test_a_receivers_retry_after_counts_up_to_twice_the_planned_wait(
    retry_after: float | None, wait: float
) -> None:
    assert Timetable(waits=(5, 300), jitter=0).wait(2, retry_after=retry_after) == wait
