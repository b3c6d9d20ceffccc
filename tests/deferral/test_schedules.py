"""Beat writes rows: each tick once, by however many beats, also when it was missed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from celery import current_app
from django.db import OperationalError
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from deferral import schedules
from deferral.models import Job
from deferral.schedules import Scheduler, write_tick
from tests.deferral.bench import run


@pytest.fixture(autouse=True)
def configured() -> Iterator[dict[str, Any]]:
    """What the configuration names: nothing of the shop's own."""
    kept, found = current_app.conf.beat_schedule, dict[str, Any]()
    current_app.conf.beat_schedule = found
    yield found
    current_app.conf.beat_schedule = kept


def beat() -> Scheduler:
    found = Scheduler(app=current_app, lazy=True)
    found.setup_schedule()
    return found


def tick(scheduler: Scheduler) -> None:
    for entry in list(scheduler.schedule.values()):
        is_due, _ = entry.is_due()
        if is_due:
            scheduler.apply_entry(entry)


def every_ten_seconds(**columns: Any) -> PeriodicTask:
    interval, _ = IntervalSchedule.objects.get_or_create(every=10, period="seconds")
    row = {"name": "often", "task": "bench.work", "interval": interval, **columns}
    return PeriodicTask.objects.create(**row)


def keys() -> list[str]:
    return sorted(Job.objects.values_list("key", flat=True))


def test_a_tick_is_a_job_that_can_be_run() -> None:
    every_ten_seconds(last_run_at=datetime.now(UTC) - timedelta(minutes=1))

    tick(beat())

    assert run(Job.objects.get()).state == "done"


def test_two_beats_make_one_job_of_a_tick() -> None:
    every_ten_seconds(last_run_at=datetime.now(UTC) - timedelta(minutes=1))

    tick(beat())
    tick(beat())

    assert len(keys()) == 1


def test_beats_that_remember_different_last_runs_name_a_tick_alike() -> None:
    due = set()
    for lag in (1, 4):
        task = every_ten_seconds(
            name=f"b{lag}", last_run_at=datetime(2026, 1, 1, 12, 0, lag, tzinfo=UTC)
        )
        [entry] = [e for e in beat().schedule.values() if e.name == task.name]
        due.add(schedules.due_time(entry))

    assert due == {datetime(2026, 1, 1, 12, 0, 10, tzinfo=UTC)}


def test_what_was_missed_for_days_is_done_once() -> None:
    crontab = CrontabSchedule.objects.create(minute="*")
    PeriodicTask.objects.create(
        name="minutely",
        task="bench.work",
        crontab=crontab,
        last_run_at=datetime.now(UTC) - timedelta(days=3),
    )
    scheduler = beat()

    tick(scheduler)
    tick(scheduler)

    assert len(keys()) == 1


def test_a_schedule_that_a_person_edited_stays_as_it_is(configured: dict[str, Any]) -> None:
    configured["often"] = {"task": "bench.work", "schedule": timedelta(seconds=60)}
    every_ten_seconds(enabled=False)

    beat()

    edited = PeriodicTask.objects.get()
    assert (edited.interval.every, edited.enabled) == (10, False)


def test_a_schedule_with_a_long_name_loses_no_tick() -> None:
    name = "n" * 200
    for _ in range(2):
        write_tick(name=name, task="bench.work", kwargs={}, due=datetime(2026, 1, 1, tzinfo=UTC))

    assert len(keys()) == 1


@pytest.mark.parametrize("task", ["bench.unknown", "bench.pay_out"])
def test_a_schedule_of_an_unknown_task_or_one_not_made_for_schedules_writes_nothing(
    task: str,
) -> None:
    every_ten_seconds(task=task, last_run_at=datetime.now(UTC) - timedelta(minutes=1))

    with structlog.testing.capture_logs() as logs:
        tick(beat())

    assert keys() == []
    assert [(line["event"], line["task"]) for line in logs] == [("schedule_refused", task)]


def test_a_beat_without_its_database_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_role: str) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(schedules, "sign_in", away)

    assert beat().schedule_changed() is False
