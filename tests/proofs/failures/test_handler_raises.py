"""A handler raises: its event is tried again, and nothing of it is half done."""

from deferral.models import Event, Job
from tests.probes.events import Fumbled
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually


def test_a_handler_that_raises_leaves_nothing_half_done_and_is_tried_again(
    shop: RunningShop,
) -> None:
    trap = shop.scratch / "trap"
    trap.touch()
    shop.relay()
    shop.worker()
    shop.publish(Fumbled(name="x", trap=str(trap)))
    eventually(lambda: Event.objects.filter(attempts__gte=2).exists())
    assert not Job.objects.exists()

    trap.unlink()
    shop.wait_for("first:x")
    shop.wait_for("second:x")

    assert (shop.marks("first-x"), shop.marks("second-x")) == (1, 1)
