"""Times of the clock in a zone, as moments in UTC: also in the nights that lose or repeat an hour.

A time that the spring night leaves out is the moment at which that night goes on. A time that the
autumn night has twice is its first, unless the crontab goes by the minute (`*`, `*/5`) or has every
hour: those come in both, so that no pause between two of them is longer than on other days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from celery.schedules import ParseException, crontab_parser

from deferral.errors import Unreadable

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
# 29 February on a certain weekday comes after 40 years at most: 2072, 2112.
HORIZON = 41 * 366


@dataclass(frozen=True, kw_only=True, slots=True)
class Crontab:
    """All five fields must fit, the day of the month and the day of the week too (0 is Sunday)."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    zone: ZoneInfo
    by_the_minute: bool

    def after(self, moment: datetime) -> datetime | None:
        """The next one; None when there is none in forty years: then there never is."""
        try:
            first = moment.astimezone(self.zone).date() - DAY
            return next((tick for tick in self._from(first) if tick > moment), None)
        except OverflowError:
            return None

    def between(self, after: datetime, until: datetime, most: int) -> list[datetime]:
        """The latest of those in `(after, until]`, in order, `most` of them."""
        day = until.astimezone(self.zone).date() + DAY
        first = after.astimezone(self.zone).date() - DAY
        found: set[datetime] = set()
        while day >= first and len(found) < most:
            found.update(tick for tick in self._on(day) if after < tick <= until)
            day -= DAY
        return sorted(found)[-most:]

    @property
    def is_real_time(self) -> bool:
        """Whether it counts on when the clock is set back."""
        return self.by_the_minute or self.is_hourly

    @property
    def is_hourly(self) -> bool:
        """Whether it is for every hour there is: one that is left out is then not missed."""
        return len(self.hours) == 24

    def _from(self, first: date) -> Iterator[datetime]:
        for days in range(HORIZON):
            yield from self._on(first + days * DAY)

    def _on(self, day: date) -> tuple[datetime, ...]:
        fits = day.month in self.months and day.day in self.days
        return _moments(self, day) if fits and day.isoweekday() % 7 in self.weekdays else ()


@lru_cache(maxsize=256)
def _moments(crontab: Crontab, day: date) -> tuple[datetime, ...]:
    """Those of one day, which fits, in order."""
    found: set[datetime] = set()
    for hour in crontab.hours:
        for minute in crontab.minutes:
            found.update(_moments_of(crontab, datetime.combine(day, time(hour, minute))))
    return tuple(sorted(found))


def _moments_of(crontab: Crontab, wall: datetime) -> Iterator[datetime]:
    first = wall.replace(tzinfo=crontab.zone).astimezone(UTC)
    second = wall.replace(tzinfo=crontab.zone, fold=1).astimezone(UTC)
    if first.astimezone(crontab.zone).replace(tzinfo=None) == wall:
        yield first
        if crontab.is_real_time:
            yield second
    elif not crontab.is_hourly:
        yield _end_of_gap(second, first, crontab.zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clock was set forward, between these two moments."""
    old = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def read_crontab(
    *, minute: str, hour: str, day: str, month: str, weekday: str, zone: ZoneInfo
) -> Crontab:
    """As Celery reads it, with 7 for Sunday too. Unreadable for what is no crontab."""
    minutes = _numbers("minute", minute, 60)
    return Crontab(
        minutes=minutes,
        hours=_numbers("hour", hour, 24),
        days=_numbers("day of the month", day, 31, 1),
        months=_numbers("month", month, 12, 1),
        weekdays=frozenset(number % 7 for number in _numbers("day of the week", weekday, 8)),
        zone=zone,
        by_the_minute="*" in minute or len(minutes) == 60,
    )


def _numbers(name: str, text: str, count: int, first: int = 0) -> frozenset[int]:
    try:
        found = frozenset(crontab_parser(count, first).parse(text))
    except (ParseException, ValueError) as error:
        msg = f"The {name} {text!r} cannot be read: {error}."
        raise Unreadable(msg) from error
    if not found or not found <= frozenset(range(first, first + count)):
        msg = f"The {name} {text!r} is not within {first} and {first + count - 1}."
        raise Unreadable(msg)
    return found
