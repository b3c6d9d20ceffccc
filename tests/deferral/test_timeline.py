"""A job attempt by attempt, and all of an order's on one axis."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deferral.admin.kit.attempts import attempts_of
from deferral.admin.kit.timeline import WIDTH, Axis, timeline
from deferral.models import Job
from tests.deferral.staff import failure

BEGAN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def a_row(**columns: Any) -> Job:
    """Decided at 0 s, failed from 1 s to 2 s; not saved."""
    error = failure(
        "Retry", kind="failed", began=at(1).isoformat(), at=at(2).isoformat(), attempt=1
    )
    facts: dict[str, Any] = {"pk": 1, "key": "crm:1", "task": "x.y", "queue": "critical"}
    return Job(**(facts | {"created_at": BEGAN, "next_at": at(7), "errors": [error]} | columns))


def drawn(*jobs: Job) -> list[Any]:
    return [row for line in timeline(jobs, set())["lines"] for row in line.rows]


def bars(*jobs: Job) -> list[tuple[str, float, float]]:
    return [bar for line in timeline(jobs, set())["lines"] for bar in line.bars]


def test_a_failure_and_the_success_after_it_are_two_attempts() -> None:
    job = a_row(state="done", attempts=2, started_at=at(7), settled_at=at(9), worker="3:4")

    first, second = attempts_of(job)

    assert (first.number, first.outcome, first.began, first.ended) == (1, "failed", at(1), at(2))
    assert (second.number, second.outcome, second.worker) == (2, "done", "3:4")
    assert second.due == at(2)


def test_waiting_and_running_are_told_apart() -> None:
    job = a_row(state="done", attempts=2, started_at=at(7), settled_at=at(9))

    assert [(row.waited, row.ran) for row in drawn(job)] == [
        ("1.0\xa0s", "1.0\xa0s"),
        ("5.0\xa0s", "2.0\xa0s"),
    ]


@pytest.mark.parametrize(
    ("state", "outcomes"),
    [
        ("pending", ["failed", "to come"]),
        ("running", ["failed", "running"]),
        ("dead", ["failed"]),
        ("waiting", ["failed", "waits for 2 parts"]),
        ("discarded", ["failed"]),
    ],
)
def test_what_is_still_to_come_is_said(state: str, outcomes: list[str]) -> None:
    job = a_row(state=state, attempts=1, started_at=at(7), open_parts=2)

    assert [one.outcome for one in attempts_of(job)] == outcomes


def test_a_row_that_does_not_say_when_an_attempt_began_is_drawn_all_the_same() -> None:
    job = a_row(state="dead", errors=[failure()])

    assert [row.ran for row in drawn(job)] == ["-"]
    assert [css for css, _, _ in bars(job)] == ["waited"]


def test_only_what_failed_is_shown_as_bad_news() -> None:
    waiting = a_row(pk=2, state="waiting", errors=[], open_parts=2)
    failed = a_row(state="dead")

    assert [row.tone for row in drawn(waiting, failed)] == ["wait", "bad"]


def test_everything_stands_within_the_drawing_and_in_its_order() -> None:
    late = a_row(pk=2, created_at=at(3_600), state="pending", next_at=at(90_000), errors=[])
    found = bars(a_row(state="dead"), late)

    starts = [x for _, x, _ in found]
    assert starts[0] == 0
    assert starts == sorted(starts)
    assert max(x + width for _, x, width in found) <= WIDTH


@pytest.mark.parametrize(
    ("length", "even", "first", "last"),
    [
        (1, True, "0.2\xa0s", "0.8\xa0s"),
        (9, True, "2\xa0s", "8\xa0s"),
        (60, True, "10\xa0s", "50\xa0s"),
        (61, False, "1\xa0s", "30\xa0s"),
        (90_000, False, "3\xa0s", "6\xa0h"),
    ],
)
def test_a_minute_is_drawn_to_scale_and_what_is_longer_is_not(
    length: float, *, even: bool, first: str, last: str
) -> None:
    axis = Axis(start=BEGAN, length=length)
    marks = list(axis.ticks())

    assert axis.is_even is even
    assert (axis.at(at(length / 2)) == WIDTH / 2) is even
    assert (marks[0][1], marks[-1][1]) == (first, last)
    assert 4 <= len(marks) <= 9
