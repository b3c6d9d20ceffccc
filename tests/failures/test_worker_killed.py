"""A child, or the whole worker, dies at any step: the job runs again, and nobody gets it twice."""

import pytest

from tests.failures.house import EFFECTS, House

STEPS = ("received", "claimed", "stranger_told", "effect_written", "body_returned", "settled")


@pytest.mark.parametrize("victim", ["child", "worker"])
@pytest.mark.parametrize("step", STEPS)
def test_an_order_is_whole_after_a_death_at(house: House, step: str, victim: str) -> None:
    house.relay()
    house.worker(**house.crash_at(step, victim))
    order = house.order()
    if victim == "worker":
        house.wait_for_crash()
        house.worker()

    house.settle(order)

    assert house.crashes() == 1
    assert house.accepted(order) == EFFECTS


@pytest.mark.parametrize("victim", ["child", "worker"])
@pytest.mark.parametrize("step", ["mail_accepted", "result_stored", "last_part_counted"])
def test_a_confirmation_arrives_once_after_a_death_at(house: House, step: str, victim: str) -> None:
    house.relay()
    house.worker(**house.crash_at(step, victim))
    order = house.order()
    if victim == "worker":
        house.wait_for_crash()
        house.worker()

    house.settle(order)

    assert house.crashes() == 1
    assert house.accepted(order) == EFFECTS
