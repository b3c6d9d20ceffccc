"""The relay dies on the way, or there are several: nothing is lost, nothing is done twice."""

import pytest

from deferral.models import Event, Job
from tests.failures.house import EFFECTS, House, eventually
from tests.probes.events import Fumbled


@pytest.mark.parametrize("step", ["expanded", "stamped", "sent"])
def test_an_order_is_whole_after_the_relay_died_at(house: House, step: str) -> None:
    house.worker()
    dying = house.relay(**house.crash_at(step))
    order = house.order()
    dying.wait()

    house.relay()
    house.settle(order)

    assert house.accepted(order) == EFFECTS


def test_three_relays_share_the_work(house: House) -> None:
    for _ in range(3):
        house.relay()
    house.worker()

    orders = [house.order() for _ in range(5)]
    for order in orders:
        house.settle(order)

    assert [house.accepted(order) for order in orders] == [EFFECTS] * 5
    assert [house.repeats(order) for order in orders] == [0] * 5


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
