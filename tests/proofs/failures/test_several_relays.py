"""Several relays at once: they share the work, and nothing is done twice."""

from tests.rig.running_shop import EFFECTS, House


def test_three_relays_share_the_work(house: House) -> None:
    for _ in range(3):
        house.relay()
    house.worker()

    orders = [house.order() for _ in range(5)]
    for order in orders:
        house.settle(order)

    assert [house.accepted(order) for order in orders] == [EFFECTS] * 5
    assert [house.repeats(order) for order in orders] == [0] * 5
