"""Nothing is sold twice, and what was not sold comes back once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from orders.models import Order
from shop import stock
from shop.checkout import place
from shop.errors import OutOfStock
from shop.models import Product, Reservation
from tests.shop.buying import a_draft, left_of, placed

Shop = dict[str, Product]


def try_to_buy(product: Product) -> bool:
    """One buyer, with a connection of their own."""
    try:
        place(a_draft(product))
    except OutOfStock:
        return False
    finally:
        connection.close()
    return True


def test_fifty_buyers_of_the_last_ten_seats_get_exactly_ten(open_shop: Shop) -> None:
    seats = open_shop["knot-workshop"]
    with ThreadPoolExecutor(50) as crowd:
        lucky = sum(crowd.map(try_to_buy, [seats] * 50))

    assert (lucky, left_of(seats)) == (10, 0)
    assert Order.objects.count() == 10


def buy_both(pair: tuple[Product, Product]) -> None:
    """A basket of two things, in the order given."""
    try:
        placed(*((product, 1) for product in pair))
    finally:
        connection.close()


def test_baskets_with_the_same_things_in_another_order_never_lock_each_other(
    open_shop: Shop,
) -> None:
    mug, tote = open_shop["harbour-mug"], open_shop["boathouse-tote"]
    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(buy_both, [(mug, tote), (tote, mug)] * 20))

    assert (left_of(mug), left_of(tote)) == (480 - 40, 500 - 40)


def test_out_of_stock_names_the_product_and_what_is_left(stocked: Shop) -> None:
    with pytest.raises(OutOfStock, match="Only 4 of Storm lantern left") as error:
        placed((stocked["lantern"], 5))

    assert (error.value.title, error.value.left) == ("Storm lantern", 4)


def test_what_cannot_be_had_whole_leaves_nothing_behind(stocked: Shop) -> None:
    with pytest.raises(OutOfStock):
        placed((stocked["harbour-mug"], 1), (stocked["lantern"], 5))

    assert left_of(stocked["harbour-mug"]) == 480
    assert not Order.objects.exists()


def test_a_product_without_a_count_never_runs_out(stocked: Shop) -> None:
    order = placed((stocked["slow-swell"], 9))

    assert left_of(stocked["slow-swell"]) is None
    assert order.reservations.get().quantity == 9


def test_stock_comes_back_once_however_often_it_is_given_back(stocked: Shop) -> None:
    order = placed((stocked["lantern"], 3))

    assert [stock.release(order_id=order.pk) for _ in range(3)] == [1, 0, 0]
    assert left_of(stocked["lantern"]) == 4


def test_what_is_paid_for_can_still_be_given_back(stocked: Shop) -> None:
    order = placed((stocked["lantern"], 3))
    stock.commit(order_id=order.pk)
    assert order.reservations.get().state == Reservation.State.COMMITTED

    stock.release(order_id=order.pk)
    stock.commit(order_id=order.pk)

    assert order.reservations.get().state == Reservation.State.RELEASED
    assert left_of(stocked["lantern"]) == 4
