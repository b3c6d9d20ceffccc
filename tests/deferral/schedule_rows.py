"""Schedules as somebody wrote them, and beat's looks at them at moments of the test's choice."""

from datetime import UTC, datetime, timedelta
from typing import Any

from celery import current_app
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from deferral.models import Job, Schedule
from deferral.schedules.scheduler import Scheduler

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


def at(**since_noon: float) -> datetime:
    """So long after a certain noon."""
    return NOON + timedelta(**since_noon)


def written(name: str, *, edited: datetime = NOON, missed: str = "", **columns: Any) -> Any:
    """A schedule that was written, or last edited, at that moment."""
    row = PeriodicTask.objects.create(name=name, task="bench.work", **columns)
    PeriodicTask.objects.filter(pk=row.pk).update(date_changed=edited)
    if missed:
        Schedule.objects.create(form=row, missed=missed)
    return row


def every(seconds: int, name: str = "often", **columns: Any) -> PeriodicTask:
    """So many seconds."""
    interval, _ = IntervalSchedule.objects.get_or_create(every=seconds, period="seconds")
    return written(name, interval=interval, **columns)


def nightly(hour: str = "3", minute: str = "0", **columns: Any) -> PeriodicTask:
    """At a time of Berlin's clock."""
    crontab = CrontabSchedule.objects.create(hour=hour, minute=minute, timezone="Europe/Berlin")
    return written("nightly", crontab=crontab, **columns)


def beat(*moments: datetime) -> float:
    """A beat of its own looks once at each of these moments; return how long it rests then."""
    return [Scheduler(app=current_app).run_once(moment) for moment in moments][-1]


def dues() -> list[str]:
    """When each job's tick was due, in the order of writing."""
    keys = Job.objects.order_by("id").values_list("key", flat=True)
    return [key.split(":", 2)[2] for key in keys]
