"""When a breaker opens, lets a probe through, and closes: on a clock of the test's own."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deferral.external.rules import (
    FIRST_PAUSE,
    GOOD_PROBES,
    JITTER,
    LONGEST_PAUSE,
    MIN_CALLS,
    Observation,
    Status,
    observe,
    pause,
    status,
)
from deferral.models import Breaker

START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


class Clocked:
    """A breaker, and a clock that stands until it is told otherwise."""

    def __init__(self) -> None:
        self.now = START
        self.row = Breaker(name="partner", window_began=START)

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def observes(self, *, answers: int = 0, failures: int = 0, probe: bool = False) -> None:
        for _ in range(answers):
            observe(self.row, Observation(answers=1, probe=probe), now=self.now)
        for _ in range(failures):
            observe(self.row, Observation(failures=1, probe=probe), now=self.now)

    def stands(self) -> Status:
        return status(self.row, self.now)

    def opened(self) -> "Clocked":
        self.observes(failures=MIN_CALLS)
        assert self.stands() is Status.OPEN
        return self

    def half_opened(self) -> "Clocked":
        self.passes(pause(self.row, self.now))
        assert self.stands() is Status.HALF_OPEN
        return self


@pytest.fixture
def breaker() -> Clocked:
    return Clocked()


def test_it_opens_when_half_of_ten_calls_failed(breaker: Clocked) -> None:
    breaker.observes(answers=5, failures=4)
    assert breaker.stands() is Status.CLOSED

    breaker.observes(failures=1)
    assert breaker.stands() is Status.OPEN


def test_it_stays_closed_while_most_calls_are_answered(breaker: Clocked) -> None:
    for _ in range(50):
        breaker.observes(answers=2, failures=1)

    assert breaker.stands() is Status.CLOSED


def test_a_handful_of_failures_says_nothing(breaker: Clocked) -> None:
    breaker.observes(failures=MIN_CALLS - 1)

    assert breaker.stands() is Status.CLOSED


def test_what_failed_two_minutes_ago_does_not_count(breaker: Clocked) -> None:
    breaker.observes(failures=MIN_CALLS - 1)
    breaker.passes(121)
    breaker.observes(failures=MIN_CALLS - 1)

    assert breaker.stands() is Status.CLOSED


def test_the_window_slides(breaker: Clocked) -> None:
    """Half a minute into the next one, half of the last one counts: 4.5 and 5 are no ten."""
    breaker.observes(failures=9)
    breaker.passes(90)
    breaker.observes(failures=5)
    assert breaker.stands() is Status.CLOSED

    breaker.observes(failures=1)
    assert breaker.stands() is Status.OPEN


def test_each_opening_lasts_twice_as_long_and_none_longer_than_ten_minutes(
    breaker: Clocked,
) -> None:
    breaker.opened()
    for opening in range(12):
        planned = min(FIRST_PAUSE * 2**opening, LONGEST_PAUSE)
        assert planned * (1 - JITTER) <= pause(breaker.row, breaker.now) <= planned * (1 + JITTER)
        breaker.half_opened().observes(failures=1, probe=True)


def test_three_good_probes_close_it_and_everything_is_forgotten(breaker: Clocked) -> None:
    breaker.opened().half_opened()
    breaker.observes(answers=GOOD_PROBES - 1, probe=True)
    assert breaker.stands() is Status.HALF_OPEN

    breaker.observes(answers=1, probe=True)
    assert breaker.stands() is Status.CLOSED
    assert breaker.row.failing_since is None

    breaker.observes(failures=MIN_CALLS - 1)
    assert breaker.stands() is Status.CLOSED


def test_a_bad_probe_after_good_ones_begins_again(breaker: Clocked) -> None:
    breaker.opened().half_opened()
    breaker.observes(answers=GOOD_PROBES - 1, probe=True)
    breaker.observes(failures=1, probe=True)
    breaker.half_opened().observes(answers=1, probe=True)

    assert breaker.stands() is Status.HALF_OPEN


def test_calls_begun_before_it_opened_say_nothing_new(breaker: Clocked) -> None:
    breaker.opened()
    until = breaker.row.open_until
    breaker.observes(failures=20, answers=20)

    assert (breaker.stands(), breaker.row.open_until) == (Status.OPEN, until)


@pytest.mark.parametrize(("retry_after", "kept"), [(7.0, 7.0), (86_400.0, LONGEST_PAUSE)])
def test_one_that_says_when_to_come_back_is_not_called_until_then(
    breaker: Clocked, retry_after: float, kept: float
) -> None:
    observe(breaker.row, Observation(failures=1, busy=retry_after), now=breaker.now)

    assert breaker.stands() is Status.OPEN
    assert pause(breaker.row, breaker.now) == pytest.approx(kept)


def test_many_who_are_asked_to_wait_at_once_open_it_once(breaker: Clocked) -> None:
    """Nor does a later wish end the pause sooner, or free a probe that somebody is making."""
    for retry_after in (30.0, 30.0, 90.0, 1.0):
        observe(breaker.row, Observation(failures=1, busy=retry_after), now=breaker.now)

    assert breaker.row.openings == 1
    assert pause(breaker.row, breaker.now) == pytest.approx(90)
    breaker.half_opened().observes(failures=1, probe=True)
    assert pause(breaker.row, breaker.now) <= 2 * FIRST_PAUSE * (1 + JITTER)


def test_a_persons_word_goes_before_its_own(breaker: Clocked) -> None:
    breaker.row.override = Breaker.Override.OPEN
    assert breaker.stands() is Status.OPEN

    breaker.row.override = Breaker.Override.CLOSED
    breaker.observes(failures=50)
    assert breaker.stands() is Status.CLOSED


def test_it_has_failed_since_its_first_failure_after_its_last_answer(breaker: Clocked) -> None:
    breaker.observes(failures=1)
    breaker.passes(60)
    breaker.observes(answers=1)
    assert breaker.row.failing_since is None

    breaker.passes(60)
    breaker.observes(failures=1)
    first = breaker.now
    breaker.passes(60)
    breaker.observes(failures=1)
    assert breaker.row.failing_since == first


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1_000),
            st.builds(
                Observation,
                answers=st.integers(0, 30),
                failures=st.integers(0, 30),
                busy=st.none() | st.floats(0, 1e7),
                probe=st.booleans(),
            ),
        ),
        max_size=40,
    )
)
def test_whatever_happens_it_can_close_again(story: list[tuple[float, Observation]]) -> None:
    breaker = Clocked()
    for seconds, observed in story:
        breaker.passes(seconds)
        observe(breaker.row, observed, now=breaker.now)
        assert 0 < pause(breaker.row, breaker.now) <= LONGEST_PAUSE * (1 + JITTER)
        assert max(breaker.row.openings, breaker.row.good_probes) < 2**15  # a smallint

    breaker.passes(LONGEST_PAUSE * 2)
    assert breaker.stands() is not Status.OPEN
    breaker.observes(answers=GOOD_PROBES, probe=True)
    assert breaker.stands() is Status.CLOSED
