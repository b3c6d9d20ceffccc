"""A tick and the moment it counts from move together: none is lost or doubled, on any clock."""

from datetime import UTC, datetime

import pytest
from django.db.models import Value
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, PeriodicTask

from deferral.models import Job, Schedule
from deferral.schedules import ticking
from tests.deferral.schedule_rows import at, beat, dues, every, nightly
from tests.rig.racing import at_once

pytestmark = [pytest.mark.usefixtures("configured"), pytest.mark.exhaustive]


def test_a_nightly_run_missed_while_beat_was_down_is_made_up_for() -> None:
    nightly(hour="3")
    beat(at(hours=1))

    beat(at(days=1))  # nobody looked at 03:00, which was at 01:00 UTC

    assert dues() == ["2026-06-11T01:00:00+00:00"]


def test_what_was_missed_for_days_is_done_once() -> None:
    every(60)
    beat(at(seconds=1))

    beat(at(days=3), at(days=3, seconds=1))

    assert dues() == ["2026-06-13T12:00:00+00:00"]


def test_each_missed_run_is_made_up_for_where_the_policy_says_so() -> None:
    nightly(missed="each")
    beat(at(hours=1))

    beat(at(days=3))

    assert [due[:10] for due in dues()] == ["2026-06-11", "2026-06-12", "2026-06-13"]


def test_each_ends_at_the_latest_hundred() -> None:
    every(60, missed="each")
    beat(at(seconds=1))

    beat(at(days=3), at(days=3, seconds=1))

    assert len(dues()) == 100
    assert dues()[-1] == "2026-06-13T12:00:00+00:00"


def test_missed_runs_are_left_out_where_the_policy_says_so() -> None:
    nightly(missed="skip")
    beat(at(hours=1))

    beat(at(days=3), at(days=3, hours=13, seconds=2))

    assert [due[:10] for due in dues()] == ["2026-06-14"]


def test_intervals_keep_their_step_however_late_beat_is() -> None:
    every(10)

    beat(at(seconds=13), at(seconds=24.5), at(seconds=30))

    assert [due[17:19] for due in dues()] == ["10", "20", "30"]


def test_beat_rests_until_the_next_tick_and_five_seconds_at_most() -> None:
    every(10)

    assert beat(at(seconds=8.5)) == 1.5
    assert beat(at(seconds=11)) == 5


def test_two_beats_make_one_job_of_a_tick() -> None:
    every(10)

    beat(at(seconds=11))
    beat(at(seconds=10.5), at(seconds=12))

    assert len(dues()) == 1


def test_beats_at_one_moment_make_one_job_of_a_tick() -> None:
    row = every(10)
    beat(at(seconds=1))

    assert sorted(at_once(*[lambda: ticking.tick(row.pk, at(seconds=11))] * 4)) == [0, 0, 0, 1]
    assert len(dues()) == 1


def test_a_beat_that_dies_over_a_tick_neither_loses_nor_doubles_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    every(10)
    with monkeypatch.context() as patch:
        patch.setattr(ticking, "crashpoint", lambda _: exec("raise SystemExit"))  # noqa: S102
        with pytest.raises(SystemExit):
            beat(at(seconds=11))
    assert dues() == []

    beat(at(seconds=12), at(seconds=13))

    assert len(dues()) == 1


def test_a_schedule_that_was_off_makes_up_for_nothing() -> None:
    row = nightly()
    beat(at(hours=1))
    PeriodicTask.objects.filter(pk=row.pk).update(enabled=False)
    beat(at(hours=2), at(days=2))
    PeriodicTask.objects.filter(pk=row.pk).update(enabled=True, date_changed=at(days=3))

    beat(at(days=3, seconds=3))
    assert dues() == []
    beat(at(days=4))
    assert [due[:10] for due in dues()] == ["2026-06-14"]


def test_one_that_was_off_while_no_beat_looked_on_makes_up_for_nothing() -> None:
    row = nightly()
    beat(at(hours=14))
    row.enabled = False
    row.save()
    row.enabled = True
    row.save()
    PeriodicTask.objects.update(date_changed=at(days=5))

    beat(at(days=5, seconds=3))

    assert [due[:10] for due in dues()] == ["2026-06-11"]


def test_an_edited_schedule_counts_from_its_edit() -> None:
    row = every(600)
    beat(at(minutes=5))
    edited = {"interval": every(3_600, "other").interval, "date_changed": at(minutes=9)}
    PeriodicTask.objects.filter(pk=row.pk).update(**edited)
    PeriodicTask.objects.filter(name="other").delete()

    beat(at(minutes=11), at(minutes=70))

    assert dues() == ["2026-06-10T13:09:00+00:00"]


def test_another_description_is_no_edit_of_the_times() -> None:
    row = nightly()
    beat(at(hours=14))
    PeriodicTask.objects.filter(pk=row.pk).update(description="!", date_changed=at(days=2))

    beat(at(days=2, seconds=1))

    assert [due[:10] for due in dues()] == ["2026-06-11", "2026-06-12"]


def test_a_crontab_that_others_share_is_edited_for_all() -> None:
    row = nightly()
    beat(at(hours=14))
    row.crontab.hour = "5"
    row.crontab.save()

    beat(at(hours=14.5), at(hours=16))

    assert dues() == ["2026-06-11T01:00:00+00:00", "2026-06-11T03:00:00+00:00"]


def test_a_clock_that_is_set_back_neither_floods_nor_falls_silent() -> None:
    every(60)
    beat(at(hours=1), at(hours=1, minutes=1))

    beat(at(minutes=3), *(at(minutes=minute, seconds=1) for minute in range(4, 8)))

    assert len(dues()) == 6
    assert dues()[2:] == [f"2026-06-10T12:0{minute}:00+00:00:1" for minute in (4, 5, 6, 7)]


def test_a_clock_that_goes_through_a_tick_twice_runs_it_twice_under_two_keys() -> None:
    nightly(hour="15")
    beat(at(hours=1, minutes=1), at(minutes=50), at(hours=1, minutes=1))

    assert dues() == ["2026-06-10T13:00:00+00:00", "2026-06-10T13:00:00+00:00:1"]


def test_a_clock_that_is_set_back_by_seconds_is_waited_for() -> None:
    every(60)
    beat(at(seconds=61), at(seconds=59), at(seconds=62), at(seconds=121))

    assert len(dues()) == 2


def test_a_clock_that_jumps_a_year_ahead_and_back_costs_one_run() -> None:
    every(60)
    beat(at(seconds=61), at(days=365), at(seconds=130), at(seconds=191))

    assert [due[:16] for due in dues()] == [
        "2026-06-10T12:01",
        "2027-06-10T12:00",
        "2026-06-10T12:03",
    ]


def test_one_that_begins_later_begins_then() -> None:
    every(3_600, start_time=at(minutes=90))

    beat(at(minutes=61), at(minutes=91), at(minutes=151))

    assert [due[11:16] for due in dues()] == ["13:30", "14:30"]


def test_one_that_is_run_once_is_off_afterwards() -> None:
    row = every(60, one_off=True, missed="each")
    beat(at(minutes=5), at(minutes=7))
    assert len(dues()) == 1
    PeriodicTask.objects.filter(pk=row.pk, enabled=False).update(
        enabled=True, date_changed=at(minutes=8)
    )

    beat(at(minutes=8, seconds=5), at(minutes=9, seconds=5))

    assert len(dues()) == 2


def test_a_moment_that_was_missed_is_made_up_for() -> None:
    clocked = ClockedSchedule.objects.create(clocked_time=datetime(2030, 1, 1, tzinfo=UTC))
    row = every(60, "once")
    PeriodicTask.objects.filter(pk=row.pk).update(
        interval=None, clocked=clocked, one_off=True, date_changed=at(seconds=1)
    )

    beat(at(seconds=2), datetime(2030, 1, 2, tzinfo=UTC), datetime(2030, 1, 3, tzinfo=UTC))

    assert dues() == ["2030-01-01T00:00:00+00:00"]


def test_two_long_names_that_begin_alike_keep_their_ticks_apart() -> None:
    for end in "ab":
        every(10, "n" * 160 + end)

    beat(at(seconds=11))

    assert Job.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"kwargs": "{"}, {"kwargs": "[1]"}, {"args": "[1]"}, {"kwargs": r'{"deed": "\u0000"}'}],
)
def test_one_that_cannot_be_written_stops_no_other(wrong: dict[str, str]) -> None:
    row = every(10, "wrong")
    PeriodicTask.objects.filter(pk=row.pk).update(**wrong)
    every(10, "right")

    beat(at(seconds=11))

    assert [job.subject for job in Job.objects.all()] == ["schedule:right"]


@pytest.mark.parametrize("zone", ["Mars/Base", ""])
def test_a_zone_that_is_gone_stops_no_other_schedule(zone: str) -> None:
    nightly()
    CrontabSchedule.objects.all().update(timezone=Value(zone))
    every(10, "right")

    beat(at(seconds=11))

    assert [job.subject for job in Job.objects.all()] == ["schedule:right"]


def test_one_whose_end_is_long_past_is_no_error() -> None:
    row = nightly(edited=at(days=-3))
    PeriodicTask.objects.filter(pk=row.pk).update(expires=datetime(1, 1, 1, tzinfo=UTC))

    beat(at(seconds=1))

    assert dues() == []


def test_what_was_run_before_anything_was_remembered_counts_from_then() -> None:
    nightly(last_run_at=at(hours=-48), edited=at(hours=-48))

    beat(at(seconds=1))

    assert dues() == ["2026-06-10T01:00:00+00:00"]


def test_a_schedule_that_is_deleted_takes_along_what_beat_remembers() -> None:
    row = every(10)
    beat(at(seconds=1))

    row.delete()

    assert not Schedule.objects.exists()
