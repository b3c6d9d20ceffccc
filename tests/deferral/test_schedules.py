"""Beat writes rows, and lives without its database; the configuration only adds."""

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import structlog
from celery import current_app
from celery.schedules import crontab
from django.core.exceptions import ValidationError
from django.db import InternalError, OperationalError, connection
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from deferral.health.machinery import check_schedules
from deferral.models import Job
from deferral.schedules import scheduler as module
from deferral.schedules.scheduler import Scheduler
from deferral.schedules.ticking import write_tick
from tests.deferral.bench import run
from tests.deferral.schedule_rows import at, beat, dues, every, written

pytestmark = pytest.mark.usefixtures("configured")


def test_a_tick_is_a_job_that_can_be_run() -> None:
    every(10)

    beat(at(seconds=11))

    assert run(Job.objects.get()).state == "done"


def test_beats_go_by_the_databases_clock() -> None:
    every(1, edited=datetime.now(UTC) - timedelta(minutes=1))

    Scheduler(app=current_app).tick()

    assert len(dues()) == 1


def test_a_schedule_that_a_person_edited_stays_as_it_is(configured: dict[str, Any]) -> None:
    configured["often"] = {"task": "bench.work", "schedule": timedelta(seconds=60)}
    every(10, enabled=False)

    beat(at(seconds=1))

    edited = PeriodicTask.objects.get()
    assert (edited.interval.every, edited.enabled) == (10, False)


def test_one_wrong_schedule_of_the_configuration_keeps_no_other_out(
    configured: dict[str, Any],
) -> None:
    configured["wrong"] = {"task": "bench.work", "schedule": timedelta(seconds=0.5)}
    configured["right"] = {"task": "bench.work", "schedule": crontab(hour="3")}

    with structlog.testing.capture_logs() as logs:
        beat(at(seconds=1))

    assert [row.name for row in PeriodicTask.objects.all()] == ["right"]
    assert [line["schedule"] for line in logs] == ["wrong"]


def test_a_schedule_with_a_long_name_loses_no_tick() -> None:
    for _ in range(2):
        due = datetime(2026, 1, 1, tzinfo=UTC)
        write_tick(name="n" * 200, task="bench.work", kwargs={}, due=due)

    assert Job.objects.count() == 1


@pytest.mark.parametrize("task", ["bench.unknown", "bench.pay_out"])
def test_a_schedule_of_an_unknown_task_or_one_not_made_for_schedules_writes_nothing(
    task: str,
) -> None:
    PeriodicTask.objects.filter(pk=every(10).pk).update(task=task)

    with structlog.testing.capture_logs() as logs:
        beat(at(seconds=11))

    assert dues() == []
    assert [(line["event"], line["task"]) for line in logs] == [("schedule_refused", task)]


def test_a_beat_without_its_database_goes_on_and_loses_no_tick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    every(1, edited=datetime.now(UTC) - timedelta(minutes=1))
    scheduler = Scheduler(app=current_app)

    def away(_role: str) -> None:
        raise OperationalError("gone") from psycopg.OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(module, "sign_in", away)
        assert scheduler.tick() == module.AWAY_WAIT

    scheduler.tick()

    assert len(dues()) == 1


def test_a_beat_whose_database_is_read_only_loses_no_tick() -> None:
    every(10)
    beat(at(seconds=1))
    set_read_only("on")
    with contextlib.suppress(OperationalError, InternalError):  # our outage, or logged
        beat(at(seconds=11), at(seconds=16))
    set_read_only("off")

    beat(at(seconds=18))

    assert dues() == ["2026-06-10T12:00:10+00:00"]


def set_read_only(how: str) -> None:
    """As after a failover."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET default_transaction_read_only = {how}")


NEVER = {"minute": "0", "hour": "0", "day_of_month": "30", "month_of_year": "2"}


@pytest.mark.parametrize("fields", [NEVER, {"day_of_week": "8"}, {"minute": "61"}])
def test_a_crontab_that_never_comes_cannot_be_saved(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        CrontabSchedule.objects.create(**fields)


@pytest.mark.parametrize(
    ("every_", "period"), [(0, "days"), (-1, "hours"), (1, "microseconds"), (2**31 - 1, "days")]
)
def test_an_interval_that_nobody_could_keep_cannot_be_saved(every_: int, period: str) -> None:
    with pytest.raises(ValidationError):
        IntervalSchedule.objects.create(every=every_, period=period)


def test_what_is_past_over_or_of_the_sun_cannot_be_saved() -> None:
    past = datetime(2026, 1, 1, tzinfo=UTC)
    daily = IntervalSchedule.objects.create(every=1, period="days")
    clocked = ClockedSchedule.objects.create(clocked_time=past)

    for wrong in ({"clocked": clocked, "one_off": True}, {"interval": daily, "expires": past}):
        with pytest.raises(ValidationError):
            written("never", **wrong)
    with pytest.raises(ValidationError):
        SolarSchedule.objects.create(event="sunrise", latitude=80, longitude=0)


def test_what_got_in_past_the_guards_is_named_by_beat_and_the_doctor() -> None:
    crontab_ = CrontabSchedule.objects.create(minute="0", hour="0")
    written("never", crontab=crontab_)
    CrontabSchedule.objects.update(**NEVER)

    with structlog.testing.capture_logs() as logs:
        beat(at(seconds=1))
        beat(at(seconds=2))

    assert [line["schedule"] for line in logs] == ["never"]
    [finding] = [one for one in check_schedules() if not one.well]
    assert finding.name == "schedule never"
