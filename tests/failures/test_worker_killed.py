"""A child, or the whole worker, dies at any step: the job runs again, and nobody gets it twice."""

import pytest

from tests.failures.house import EFFECTS, House

# Before the claim, after it, after an effect outside, after `done`, in Celery's own chord code.
BEFORE = ("received", "claimed")
AFTER_AN_EFFECT = ("stranger_told", "mail_accepted")
AFTER_DONE = ("settled", "result_stored", "last_part_counted")


@pytest.mark.parametrize("victim", ["child", "worker"])
@pytest.mark.parametrize("step", [*BEFORE, *AFTER_AN_EFFECT, *AFTER_DONE])
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
    if victim == "child":  # a whole worker may take a second effect with it
        assert house.repeats(order) == (1 if step in AFTER_AN_EFFECT else 0)


def test_an_effect_of_our_own_dies_with_its_done(house: House) -> None:
    house.relay()
    house.worker(**house.crash_at("effect_written"))
    order = house.order()

    house.settle(order)

    assert house.crashes() == 1
    assert house.accepted(order) == EFFECTS
