"""When a schedule comes: computed from the moment it counts from, never from a clock read twice.

An interval is a length of UTC; a crontab is times of the clock in its zone (`crontabs`). Sunrise
and sunset are not offered: Celery needs one more library for them, and there are days without.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from deferral.errors import NeverComes, Unreadable
from deferral.schedules.crontabs import Crontab, read_crontab

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(days=3_660)
MOMENT = timedelta(microseconds=1)


class Ticks(Protocol):
    """Moments in UTC, without end or with."""

    def after(self, moment: datetime) -> datetime | None:
        """The next one, or None when there is none."""

    def between(self, after: datetime, until: datetime, most: int) -> list[datetime]:
        """The latest of those in `(after, until]`, in order, `most` of them."""


@dataclass(frozen=True, slots=True)
class Interval:
    """So long after the last, on whole seconds."""

    width: timedelta

    def after(self, moment: datetime) -> datetime | None:
        """The next one; None past the year 9999."""
        try:
            return moment.replace(microsecond=0) + self.width
        except OverflowError:
            return None

    def between(self, after: datetime, until: datetime, most: int) -> list[datetime]:
        """In one step, however long ago the last was."""
        last = after.replace(microsecond=0)
        count = (until - last) // self.width
        return [last + n * self.width for n in range(max(1, count - most + 1), count + 1)]


@dataclass(frozen=True, slots=True)
class Once:
    """A schedule with a single tick."""

    at: datetime

    def after(self, moment: datetime) -> datetime | None:
        return self.at if self.at > moment else None

    def between(self, after: datetime, until: datetime, most: int) -> list[datetime]:
        return [self.at] if after < self.at <= until else []


@dataclass(frozen=True, slots=True)
class Bounded:
    """Those from `start` to `end`. An interval's first is `start` itself."""

    ticks: Ticks
    start: datetime | None
    end: datetime | None

    def after(self, moment: datetime) -> datetime | None:
        found = self.ticks.after(self._from(moment))
        return None if found is None or (self.end and found > self.end) else found

    def between(self, after: datetime, until: datetime, most: int) -> list[datetime]:
        if self.end is not None and self.end <= after:
            return []
        return self.ticks.between(self._from(after), min(until, self.end or until), most)

    def _from(self, moment: datetime) -> datetime:
        if self.start is None or moment >= self.start:
            return moment
        return self.start - (self.ticks.width if isinstance(self.ticks, Interval) else MOMENT)


def ticks_of(task: PeriodicTask) -> Ticks:
    """When this schedule comes, whoever wrote it. Unreadable where that is not said."""
    if task.interval is not None:
        found: Ticks = interval_of(task.interval)
    elif task.crontab is not None:
        found = crontab_of(task.crontab)
    elif task.clocked is not None:
        return Once(task.clocked.clocked_time)
    else:
        raise Unreadable("Choose an interval or a crontab; sunrise and sunset are not offered.")
    return Bounded(found, task.start_time, task.expires)


def interval_of(row: IntervalSchedule) -> Interval:
    """Unreadable for what is no length, or none that beat could keep."""
    try:
        width = timedelta(**{row.period: row.every})
    except (OverflowError, TypeError) as error:
        raise Unreadable("This is not a length of time.") from error
    if not SHORTEST <= width <= LONGEST or width % SHORTEST:
        raise Unreadable("An interval is whole seconds: one at least, ten years at most.")
    return Interval(width)


def crontab_of(row: CrontabSchedule) -> Crontab:
    """Unreadable for what is no crontab."""
    if not row.timezone:
        raise Unreadable("A crontab needs a time zone.")
    return read_crontab(
        minute=row.minute,
        hour=row.hour,
        day=row.day_of_month,
        month=row.month_of_year,
        weekday=row.day_of_week,
        zone=ZoneInfo(str(row.timezone)),
    )


def insist_that_it_comes(ticks: Ticks, now: datetime) -> None:
    """NeverComes for 30 February, for a moment that is past, for an end before the next tick."""
    if ticks.after(now) is None:
        raise NeverComes("This never comes: there is no such moment from now on.")


def meaning_of(task: PeriodicTask) -> str:
    """What it does and when, as one value that changes when somebody edits either."""
    facts = (task.task, task.args, task.kwargs, task.start_time, task.expires, task.one_off)
    when = (task.interval, task.crontab, task.clocked, task.clocked and task.clocked.clocked_time)
    return hashlib.sha256(repr((facts, [str(each) for each in when])).encode()).hexdigest()
