"""A child, or the whole worker, dies at any step: the job runs again, and nobody gets it twice."""

import pytest

from tests.failures.house import EFFECTS, House

# Before the claim, after it, after the effect, after `done`, and in Celery's own chord code.
STEPS = ("received", "claimed", "mail_accepted", "settled", "result_stored", "last_part_counted")


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


def test_an_effect_of_our_own_dies_with_its_done(house: House) -> None:
    house.relay()
    house.worker(**house.crash_at("effect_written"))
    order = house.order()

    house.settle(order)

    assert house.crashes() == 1
    assert house.accepted(order) == EFFECTS
