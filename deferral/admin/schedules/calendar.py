"""A month of all schedules: what ran, what is next, what failed, day by day in the shop's zone.

What comes is computed as beat will compute it. What comes more than once a day would fill every
square: it stands in the table below, and in a square only where it failed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from deferral.admin.schedules.happened import (
    Counts,
    Happened,
    beginning,
    happened,
    subject_of,
    ticks_between,
    together,
)
from deferral.admin.schedules.squares import DAY, Day, Entry, weeks_of
from deferral.models import Schedule
from deferral.schedules.reckoning import Reckoning, reckon
from deferral.schedules.ticking import all_schedules
from deferral.schedules.ticks import ticks_of

MOMENT = timedelta(microseconds=1)
# A year ahead of one that comes daily.
MOST_AHEAD = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One schedule in the table, with what became of it within the month."""

    row: Schedule
    subject: str
    when: str
    found: Reckoning
    is_frequent: bool
    counts: Counts


def calendar_of(month: date, now: datetime) -> tuple[list[list[Day]], list[Line]]:
    """The squares of a month, filled, and every schedule, those that come seldom first."""
    rows, weeks = all_schedules(), weeks_of(month, now)
    days = {day.date: day for week in weeks for day in week}
    ran = happened(ticks_between(rows, weeks[0][0].date, weeks[-1][-1].date))
    lines = sorted((_line(row, ran, month, now) for row in rows), key=lambda one: one.is_frequent)
    frequent = {line.subject for line in lines if line.is_frequent}
    for day, entry in (*_past(ran, frequent), *_future(lines, weeks[-1][-1].date)):
        if day in days:
            days[day].entries.append(entry)
    return weeks, lines


def _line(row: Schedule, ran: Happened, month: date, now: datetime) -> Line:
    found, subject = reckon(row, now), subject_of(row)
    within = (
        counts
        for (whose, day), counts in ran.items()
        if whose == subject and (day.year, day.month) == (month.year, month.month)
    )
    return Line(
        row=row,
        subject=subject,
        when=_when(row),
        found=found,
        is_frequent=_is_frequent(row, found),
        counts=together(within),
    )


def _when(row: Schedule) -> str:
    """In the package's words, which has none for a time zone that is gone."""
    try:
        return str(row.form.scheduler or "")
    except ValidationError:
        return ""


def _is_frequent(row: Schedule, found: Reckoning) -> bool:
    """Whether it comes again within a day of its next time."""
    if found.coming is None:
        return False
    return bool(ticks_of(row.form).between(found.coming, found.coming + DAY - MOMENT, 1))


def _past(ran: Happened, frequent: set[str]) -> Iterator[tuple[date, Entry]]:
    for (subject, day), counts in sorted(ran.items(), key=lambda one: one[0]):
        if counts.words and (subject not in frequent or counts.failed):
            name = subject.removeprefix("schedule:")
            entry = Entry(name=name, subject=subject, words=counts.words, tone=counts.tone)
            yield day, entry


def _future(lines: Sequence[Line], last: date) -> Iterator[tuple[date, Entry]]:
    """In the order of the clock."""
    zone, until = timezone.get_default_timezone(), beginning(last + DAY)
    ticks = (
        (tick.astimezone(zone), line.row.form.name, line.subject)
        for line in lines
        if not line.is_frequent
        for tick in coming(line, until)
    )
    for tick, name, subject in sorted(ticks):
        entry = Entry(name=name, subject=subject, words=f"{tick:%H:%M}", tone="wait")
        yield tick.date(), entry


def coming(line: Line, until: datetime) -> Iterator[datetime]:
    """Its ticks from the next on, before `until`."""
    tick, ticks = line.found.coming, 1 if line.row.form.one_off else MOST_AHEAD
    while tick is not None and tick < until and ticks:
        yield tick
        tick, ticks = ticks_of(line.row.form).after(tick), ticks - 1
