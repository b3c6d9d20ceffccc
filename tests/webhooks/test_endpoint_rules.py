"""When staff are told that an endpoint fails, and when it is given up: a table, on no clock."""

from datetime import UTC, datetime, timedelta

import pytest

from webhooks.endpoint_rules import Advice, advice

BEGAN = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOTHING, DISABLE = Advice(), Advice(disable=True)


@pytest.mark.parametrize(
    ("days", "failures", "warned", "due"),
    [
        (0, 1, 0, NOTHING),
        (0.99, 500, 0, NOTHING),
        (1, 2, 0, Advice(warn=1)),
        (1.5, 3, 1, NOTHING),
        (2.99, 9, 1, NOTHING),
        (3, 9, 1, Advice(warn=3)),
        (3.2, 2, 0, Advice(warn=3)),  # nobody called it on the first days
        (4.99, 99, 3, NOTHING),
        (5, 19, 3, NOTHING),
        (5, 20, 3, DISABLE),
        (5, 20, 0, DISABLE),
        (60, 19, 3, NOTHING),
        (60, 20, 3, DISABLE),
    ],
)
def test_what_is_due_after_a_failure(days: float, failures: int, warned: int, due: Advice) -> None:
    now = BEGAN + timedelta(days=days)

    assert advice(failing_since=BEGAN, failures=failures, warned=warned, now=now) == due
