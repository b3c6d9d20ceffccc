"""The calendar of all schedules: what ran, what is next, what failed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from deferral.admin.schedules.calendar import calendar_of
from deferral.admin.schedules.calendar_page import month_asked
from deferral.admin.schedules.squares import Entry
from deferral.models import Job
from tests.deferral.bench import put
from tests.deferral.schedule_rows import NOON, beat, every, nightly
from tests.deferral.staff import sitting

JUNE = date(2026, 6, 1)
PAGE = "/admin/django_celery_beat/periodictask/calendar/"


@pytest.fixture(autouse=True)
def _none_configured(configured: dict[str, Any]) -> None:
    """Only what a test has written."""


def squares(month: date = JUNE, now: datetime = NOON) -> dict[str, list[Entry]]:
    weeks, _ = calendar_of(month, now)
    return {f"{day.date:%m-%d}": day.entries for week in weeks for day in week if day.entries}


def ticked(name: str, day: int, state: str = "done", **columns: Any) -> Job:
    job = put(f"{name}:{day}:{state}", subject=f"schedule:{name}", state=state, **columns)
    Job.objects.filter(pk=job.pk).update(created_at=datetime(2026, 6, day, 1, tzinfo=UTC))
    return job


def test_what_comes_stands_on_its_day_at_its_time_by_the_clock_of_the_shop() -> None:
    nightly()
    beat(NOON)

    found = squares()

    assert list(found)[:2] == ["06-11", "06-12"]
    assert list(found)[-1] == "07-05"
    assert [(one.name, one.words, one.tone) for one in found["06-11"]] == [
        ("nightly", "03:00", "wait")
    ]


def test_the_night_in_which_the_clock_is_set_has_its_tick_on_its_day() -> None:
    nightly(hour="2", minute="30")
    beat(NOON)

    march = squares(date(2027, 3, 1))
    october = squares(date(2026, 10, 1))

    assert march["03-28"][0].words == "03:00"
    assert [one.words for one in october["10-25"]] == ["02:30"]


def test_a_monthly_one_on_the_31st_skips_the_short_months() -> None:
    CrontabSchedule.objects.all().delete()
    row = nightly()
    CrontabSchedule.objects.update(day_of_month="31")
    beat(NOON)

    assert "06-30" not in squares()
    assert [one.name for one in squares(date(2026, 7, 1))["07-31"]] == [row.name]


def test_what_ran_and_what_failed_stand_on_their_days_together() -> None:
    nightly()
    beat(NOON)
    ticked("nightly", 3)
    ticked("nightly", 4, "dead")
    ticked("nightly", 4)
    ticked("nightly", 5, "pending")
    ticked("nightly", 6, "discarded")

    found = squares()

    assert (found["06-03"][0].words, found["06-03"][0].tone) == ("1 done", "good")
    assert (found["06-04"][0].words, found["06-04"][0].tone) == ("1 done, 1 failed", "bad")
    assert (found["06-05"][0].words, found["06-05"][0].tone) == ("1 under way", "busy")
    assert "06-06" not in found


def test_what_comes_all_day_fills_no_square_unless_it_failed() -> None:
    every(60)
    beat(NOON)
    ticked("often", 3)
    ticked("often", 4, "dead")

    _, [line] = calendar_of(JUNE, NOON)

    assert list(squares()) == ["06-04"]
    assert (line.is_frequent, line.counts.words) == (True, "1 done, 1 failed")


def test_a_day_is_one_of_the_shop() -> None:
    nightly()
    beat(NOON)
    job = ticked("nightly", 3)
    Job.objects.filter(pk=job.pk).update(created_at=datetime(2026, 6, 3, 22, 30, tzinfo=UTC))

    assert next(iter(squares())) == "06-04"


def test_one_that_comes_once_stands_there_once() -> None:
    nightly(one_off=True)
    beat(NOON)

    assert list(squares()) == ["06-11"]


def test_a_schedule_whose_time_zone_is_gone_spoils_no_page() -> None:
    nightly()
    every(86_400, name="daily")
    beat(NOON)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_celery_beat_crontabschedule SET timezone = 'Mars/Olympus'")

    page = sitting("view_periodictask").get(PAGE)

    assert page.status_code == 200
    assert "Its time zone is not known here" in page.content.decode()
    assert "daily" in page.content.decode()


def test_the_page_shows_this_month_with_what_failed_first() -> None:
    nightly()
    beat(timezone.now())
    job = put("dead", subject="schedule:nightly", state="dead", cause="the disk is full")

    page = sitting("view_periodictask", "view_job").get(PAGE).content.decode()

    assert f"/admin/deferral/job/{job.pk}/change/" in page
    assert "the disk is full" in page
    assert "today" in page
    assert f"/admin/deferral/job/{job.pk}/change/" not in (
        sitting("view_periodictask").get(PAGE).content.decode()
    )


def test_who_sees_no_schedules_sees_no_calendar() -> None:
    assert sitting("view_job").get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("month", ["2026-13", "nonsense", "9999-12", "0001-01", "2024-01", "\x00"])
def test_a_month_that_is_none_or_too_far_is_this_one(month: str) -> None:
    assert month_asked(month, NOON) == JUNE


def test_one_that_is_off_is_named_as_off() -> None:
    nightly()
    PeriodicTask.objects.update(enabled=False)
    beat(NOON + timedelta(days=1))

    assert squares() == {}
    assert 'class="pill">off' in sitting("view_periodictask").get(PAGE).content.decode()


def test_what_went_well_stands_behind_one_line_and_what_failed_does_not() -> None:
    for number in range(5):
        every(86_400, name=f"daily-{number}")
    beat(NOON)
    for number in range(5):
        ticked(f"daily-{number}", 3, "dead" if number == 2 else "done")

    weeks, _ = calendar_of(JUNE, NOON)
    [day] = [day for week in weeks for day in week if day.date == date(2026, 6, 3)]

    assert [one.words for one in day.shown] == ["1 failed"]
    assert (day.summary, len(day.folded)) == ("4 went well", 4)
