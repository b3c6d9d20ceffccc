"""What may not be written, by whatever code: schedules that cannot be read, or never come.

The forms in the admin ask the same and say it in the right place. SQL and bulk updates pass by
here; beat and `manage.py doctor` name what they leave.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone
from django_celery_beat.models import (
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from deferral.errors import NeverComes, Unreadable
from deferral.schedules.ticks import crontab_of, insist_that_it_comes, interval_of, ticks_of


@receiver(pre_save, sender=PeriodicTask)
@receiver(pre_save, sender=CrontabSchedule)
@receiver(pre_save, sender=IntervalSchedule)
@receiver(pre_save, sender=SolarSchedule)
def insist(instance: Any, *, raw: bool = False, **_: Any) -> None:
    """ValidationError for what could never run. What is switched off may be anything.

    Rows of a fixture are not asked: what they refer to may come after them.
    """
    if raw:
        return
    try:
        check(instance)
    except (NeverComes, Unreadable) as error:
        raise ValidationError(str(error)) from error


def check(row: PeriodicTask | CrontabSchedule | IntervalSchedule | SolarSchedule) -> None:
    """NeverComes or Unreadable, with words for whoever wrote it."""
    match row:
        case CrontabSchedule():
            insist_that_it_comes(crontab_of(row), timezone.now())
        case IntervalSchedule():
            interval_of(row)
        case PeriodicTask(enabled=True):
            insist_that_it_comes(ticks_of(row), timezone.now())
        case SolarSchedule():
            raise Unreadable("Sunrise and sunset are not offered.")
