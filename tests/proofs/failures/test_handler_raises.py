"""A handler raises: its event is tried again, and nothing of it is half done."""

from deferral.models import Event, Job
from tests.probes.events import Fumbled
from tests.rig.running_shop import House, eventually


def test_a_handler_that_raises_leaves_nothing_half_done_and_is_tried_again(house: House) -> None:
    trap = house.scratch / "trap"
    trap.touch()
    house.relay()
    house.worker()
    house.publish(Fumbled(name="x", trap=str(trap)))
    eventually(lambda: Event.objects.filter(attempts__gte=2).exists())
    assert not Job.objects.exists()

    trap.unlink()
    house.wait_for("first:x")
    house.wait_for("second:x")

    assert (house.marks("first-x"), house.marks("second-x")) == (1, 1)
