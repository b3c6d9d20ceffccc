"""Times of the clock through the nights that lose or repeat an hour. The clock is the test's."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deferral.errors import Unreadable
from deferral.schedules.crontabs import Crontab, read_crontab

BERLIN = "Europe/Berlin"
# In the night before 29 March 2026 the clock goes from 02:00 to 03:00, at 01:00 UTC; on 25 October
# it goes back from 03:00 to 02:00, also at 01:00 UTC.
SPRING, AUTUMN = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)


def crontab(text: str, zone: str = BERLIN) -> Crontab:
    minute, hour, day, month, weekday = text.split()
    where = ZoneInfo(zone)
    return read_crontab(minute=minute, hour=hour, day=day, month=month, weekday=weekday, zone=where)


def ticks(text: str, since: datetime, hours: float, zone: str = BERLIN) -> list[datetime]:
    """One after the other, as beat goes from one to the next."""
    found, each = [], crontab(text, zone)
    moment = each.after(since)
    while moment is not None and moment <= since + timedelta(hours=hours):
        found.append(moment)
        moment = each.after(moment)
    return found


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def gaps(moments: list[datetime]) -> set[float]:
    return {(later - earlier).total_seconds() / 60 for earlier, later in pairwise(moments)}


def test_what_the_spring_night_leaves_out_comes_once_when_it_goes_on() -> None:
    assert ticks("30 2 * * *", SPRING, 48) == [at(3, 29, 1, 0), at(3, 30, 0, 30)]


def test_what_the_autumn_night_has_twice_comes_once() -> None:
    assert ticks("30 2 * * *", AUTUMN, 48) == [at(10, 25, 0, 30), at(10, 26, 1, 30)]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("* * * * *", 1), ("*/5 * * * *", 5), ("* 0-6 * * *", 1), ("15 * * * *", 60)],
)
@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_what_goes_by_the_minute_or_the_hour_never_pauses_in_those_nights(
    text: str, minutes: int, night: datetime
) -> None:
    small_hours = ticks(text, night + timedelta(hours=12), 3)

    assert gaps(small_hours) == {minutes}


def test_two_nightly_times_that_are_left_out_are_one() -> None:
    assert ticks("5,50 2 * * *", SPRING, 24) == [at(3, 29, 1, 0)]


def test_every_two_hours_goes_on_after_the_missing_hour() -> None:
    assert ticks("0 */2 * * *", at(3, 28, 22, 30), 5) == [
        at(3, 28, 23, 0),
        at(3, 29, 1, 0),
        at(3, 29, 2, 0),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "comes"),
    [
        # Half an hour is left out; a whole day is.
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 12, tzinfo=UTC), "2026-10-03T15:30"),
        ("Pacific/Apia", datetime(2011, 12, 30, 0, tzinfo=UTC), "2011-12-30T10:00"),
    ],
)
def test_gaps_of_other_lengths_are_gaps_too(zone: str, day: datetime, comes: str) -> None:
    [first, *_] = ticks("15 2 * * *", day, 24, zone)

    assert first.isoformat().startswith(comes)


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Atlantic/Azores", "Asia/Beirut"])
@pytest.mark.parametrize("year", [2017, 2026])
def test_a_nightly_run_comes_once_a_day_for_a_year_wherever_midnight_moves(
    zone: str, year: int
) -> None:
    found = ticks("30 0 * * *", datetime(year, 1, 1, 12, tzinfo=UTC), 364 * 24, zone)

    assert len({moment.astimezone(ZoneInfo(zone)).date() for moment in found}) == len(found) == 364


@pytest.mark.parametrize("text", ["30 2 * * *", "*/5 * * * *", "0 */2 * * *", "10 4 * * 0"])
def test_looking_back_finds_what_going_forward_found(text: str) -> None:
    since, until = SPRING, SPRING + timedelta(days=2)

    assert crontab(text).between(since, until, 10_000) == ticks(text, since, 48)
    assert crontab(text).between(since, until, 3) == ticks(text, since, 48)[-3:]


@pytest.mark.parametrize("text", ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 30,31 feb *"])
def test_a_day_that_no_year_has_never_comes(text: str) -> None:
    assert crontab(text).after(SPRING) is None


def test_a_monday_that_is_29_february_is_waited_for() -> None:
    found = crontab("0 0 29 2 1", "UTC").after(datetime(2072, 3, 1, tzinfo=UTC))

    assert found == datetime(2112, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "weekday"), [("0 0 * * 7", 6), ("0 0 * * 0", 6), ("0 0 * * sun", 6), ("0 0 * * 1", 0)]
)
def test_sunday_is_0_and_7(text: str, weekday: int) -> None:
    [found] = ticks(text, SPRING, 7 * 24, "UTC")

    assert found.weekday() == weekday


@pytest.mark.parametrize("wrong", ["61", "x", "-1", "5-", "*/0", "", "1,,2", "1-70"])
def test_what_is_no_crontab_is_told_so(wrong: str) -> None:
    fields: dict[str, Any] = dict.fromkeys(("hour", "day", "month", "weekday"), "*")

    with pytest.raises(Unreadable):
        read_crontab(minute=wrong, zone=ZoneInfo(BERLIN), **fields)


def test_the_end_of_the_calendar_is_no_error() -> None:
    assert crontab("0 0 1 1 *").after(datetime(9999, 12, 31, 12, tzinfo=UTC)) is None
