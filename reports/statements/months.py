"""Months of the shop: by the clock of its own zone, each from its first midnight to the next."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from reports.errors import NoSuchMonth

# What was paid before midnight may be written down after it, by whoever was slow.
SETTLED_AFTER = timedelta(hours=1)


def month_named(text: str) -> date:
    """The first day of `2026-11`. NoSuchMonth, also before 1970 and after 9998."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    if found is None or not 1970 <= int(found[1]) < 9999:
        raise NoSuchMonth(text[:40])
    return date(int(found[1]), int(found[2]), 1)


def month_of(moment: datetime) -> date:
    """The month in which it is, in the shop."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date().replace(day=1)


def next_month(month: date) -> date:
    """The one after it."""
    return (month + timedelta(days=31)).replace(day=1)


def month_before(month: date) -> date:
    """The one before it."""
    return (month - timedelta(days=1)).replace(day=1)


def beginning_of(month: date) -> datetime:
    """Its first moment. Where the clock is set forward at that midnight, the moment it is set."""
    return datetime(month.year, month.month, 1, tzinfo=timezone.get_default_timezone())


def is_over(until: datetime, now: datetime) -> bool:
    """Whether nothing of a month that ends then can be under way any more."""
    return now >= until + SETTLED_AFTER


def months_over(first: date, now: datetime) -> Iterator[date]:
    """Every month from `first` on that is over, in order."""
    month = first
    while is_over(beginning_of(next_month(month)), now):
        yield month
        month = next_month(month)
