"""A beat dies over a tick, its job written and not committed; another one takes over."""

from datetime import datetime, timedelta

from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from deferral.models import Job, Schedule
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually


def keys(name: str) -> list[str]:
    return list(Job.objects.filter(subject=f"schedule:{name}").values_list("key", flat=True))


def counted_from(form: PeriodicTask) -> datetime:
    edited: datetime = PeriodicTask.objects.get(pk=form.pk).date_changed
    return edited.replace(microsecond=0)


@thorough
def test_a_beat_that_dies_over_a_tick_loses_and_doubles_none(shop: RunningShop) -> None:
    second, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
    form = PeriodicTask.objects.create(name="tick", task="probes.behave", interval=second)
    Schedule.objects.create(form=form, missed="each")

    beat = shop.beat(**shop.crash_at("tick_written"))
    eventually(lambda: beat.poll() is not None)
    assert shop.crashes("tick_written") == 1
    assert keys("tick") == []
    shop.start_again()

    eventually(lambda: len(keys("tick")) > 3, show=shop.logs)
    dues = sorted(datetime.fromisoformat(key.split(":", 2)[2]) for key in keys("tick"))
    assert dues[0] == counted_from(form) + timedelta(seconds=1)
    assert dues[-1] - dues[0] == timedelta(seconds=len(dues) - 1)


def test_a_night_without_a_beat_is_made_up_for_when_there_is_one_again(shop: RunningShop) -> None:
    hour = (timezone.now() - timedelta(hours=7)).hour
    night = CrontabSchedule.objects.create(minute="0", hour=str(hour), timezone="UTC")
    form = PeriodicTask.objects.create(name="night", task="probes.behave", crontab=night)
    PeriodicTask.objects.filter(pk=form.pk).update(date_changed=timezone.now() - timedelta(days=2))

    shop.beat()
    shop.ready()

    eventually(lambda: len(keys("night")) == 1, show=shop.logs)
    assert keys("night")[0].endswith(f"T{hour:02}:00:00+00:00")
