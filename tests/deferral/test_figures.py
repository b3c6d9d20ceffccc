"""What the first page counts: the pace of a lane, and who outside answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deferral.figures import LaneFigures, lane_figures, open_work, recent_work
from deferral.outside import Stranger, strangers
from tests.deferral.desk import a_dead_job, a_job, failure


@pytest.fixture(autouse=True)
def _ledger(db: None) -> None:
    """In place of the other tests' of this folder: nothing here has to be committed."""


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def lane(name: str) -> LaneFigures:
    found = lane_figures(open_work(), recent_work())
    return next(one for one in found if one.name == name)


def partner() -> Stranger:
    found = strangers(open_work(), recent_work())
    return next(one for one in found if one.name == "partner")


def told(minutes: float, **columns: Any) -> None:
    """The partner took something so long ago."""
    facts = {"task": "notifications.tell_partner", "state": "done", "settled_at": ago(minutes)}
    a_job(**(facts | columns))


def not_told(minutes: float, class_: str = "Retry", **columns: Any) -> None:
    """The partner did not, so long ago."""
    error = failure(class_, at=ago(minutes).isoformat(), message="the partner did not answer")
    facts = {"task": "notifications.tell_partner", "attempts": 1, "errors": [error]}
    a_job(**(facts | columns))


def test_a_lanes_pace_is_that_of_the_last_five_minutes() -> None:
    for minutes in (1, 2, 3, 4, 20):
        a_job(lane="bulk", state="done", settled_at=ago(minutes))
    for _ in range(8):
        a_job(lane="bulk", next_at=ago(2))
    a_job(lane="bulk", next_at=ago(-60))

    bulk = lane("bulk")

    assert bulk.per_minute == pytest.approx(0.8)
    assert bulk.waiting == 8
    assert bulk.drain == timedelta(minutes=10)
    assert lane("critical").drain is None


def test_a_pace_is_measured_over_what_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deferral.figures.LATEST", 4)
    for seconds in (6, 12, 18, 30, 40, 50):
        a_job(lane="bulk", state="done", settled_at=ago(seconds / 60))

    assert lane("bulk").per_minute == pytest.approx(8, rel=0.1)


def test_a_stranger_that_took_something_answers() -> None:
    told(1)

    assert partner().last_answer is not None
    assert partner().failing_since is None


def test_one_that_fails_has_failed_since_its_first_failure_after_its_last_answer() -> None:
    told(50)
    not_told(40)
    not_told(3)

    found = partner()

    assert found.failing_since is not None
    assert timedelta(minutes=39) < datetime.now(UTC) - found.failing_since < timedelta(minutes=41)
    assert (found.failing, found.message) == (2, "the partner did not answer")


def test_one_that_answers_again_fails_no_longer() -> None:
    not_told(40)
    told(1)

    assert (partner().failing_since, partner().failing) == (None, 1)


def test_one_that_refuses_does_not_answer() -> None:
    told(50)
    not_told(2, class_="Bury", state="dead", settled_at=ago(2))

    assert partner().failing_since is not None


def test_an_error_of_our_own_is_not_theirs() -> None:
    not_told(2, class_="KeyError")

    assert partner().failing_since is None


def test_nobody_is_named_who_is_told_nothing() -> None:
    a_dead_job()

    names = [one.name for one in strangers(open_work(), recent_work())]

    assert names == sorted(names, key=str.lower)
    assert {"warehouse", "mail server", "payment provider", "CRM"} <= set(names)
    assert "" not in names
