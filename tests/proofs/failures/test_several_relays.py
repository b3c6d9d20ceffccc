"""Several relays at once: they share the work, and nothing is done twice."""

from tests.rig.running_shop import EFFECTS, RunningShop


def test_three_relays_share_the_work(shop: RunningShop) -> None:
    for _ in range(3):
        shop.relay()
    shop.worker()

    orders = [shop.order() for _ in range(5)]
    for order in orders:
        shop.settle(order)

    assert [shop.accepted(order) for order in orders] == [EFFECTS] * 5
    assert [shop.repeats(order) for order in orders] == [0] * 5
