"""A tick of the schedule comes while the broker is away: it is a row, and waits."""

from django_celery_beat.models import IntervalSchedule, PeriodicTask

from deferral.models import Job
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually


def test_a_tick_is_not_lost_while_the_broker_is_away(shop: RunningShop) -> None:
    often, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
    PeriodicTask.objects.create(
        name="tick", task="probes.behave", interval=often, kwargs='{"name": "tick"}'
    )

    shop.beat(BROKER_URL="redis+socket:///nowhere/valkey.sock")
    shop.ready()
    eventually(lambda: Job.objects.filter(subject="schedule:tick").exists())

    shop.relay()
    shop.worker()
    eventually(lambda: shop.marks("tick") > 0)
