"""What came back and is as good as new is sold again, once; what is damaged never is."""

import uuid

import pytest

from deferral.models import Event, Job
from orders import services
from orders.events import OrderCancelled, OrderRefunded, PartlyRefunded
from orders.models import Order, Refund
from orders.returns.arriving import Came, note_arrival
from orders.returns.asking import Asked, ask_return
from orders.returns.deciding import approve_return
from shop import stock
from shop.events import GoodsTakenBack
from shop.handlers import give_back, take_goods_back, tell_suppliers_of_part
from shop.models import Product
from tests.orders.buying import stands
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import left_of, placed
from tests.shop.conftest import Run
from tests.shop.test_goods_of_a_refund import CAPTURED, do

Shop = dict[str, Product]


@pytest.fixture
def before(open_shop: Shop) -> int:
    """Mugs, before any was sold."""
    mugs = open_shop["harbour-mug"].available
    assert mugs
    return mugs


@pytest.fixture
def order(open_shop: Shop, before: int) -> Order:
    """Three mugs and a seat, paid."""
    order = placed((open_shop["harbour-mug"], 3), (open_shop["lantern-walk"], 1))
    services.mark_paid(attempt_id=order.payments.get().pk, settlement=CAPTURED)
    stock.commit(order_id=order.pk)
    return order


def returned(order: Order, announced: int, arrived: int, sold_again: int) -> Refund:
    """All the way to the money."""
    mugs = order.lines.get(kind="home")
    asked = Asked(quantities={mugs.pk: announced}, reason="damaged")
    found = ask_return(order_id=order.pk, key=uuid.uuid4(), asked=asked)
    approve_return(return_id=found.pk, by="staff", reason="")
    came = {found.lines.get().pk: Came(arrived=arrived, sold_again=sold_again)}
    note_arrival(return_id=found.pk, by="staff", reason="", came=came)
    return stands(found.refunds.get())


def mugs(shop: Shop) -> int | None:
    return left_of(shop["harbour-mug"])


def back(order: Order, refund: Refund, run: Run) -> list[str]:
    """All that follows, as the relay would have it done."""
    ids = {"order_id": order.pk, "refund_id": refund.pk}
    done = do(run, take_goods_back(PartlyRefunded(**ids)))
    if Event.objects.filter(type=GoodsTakenBack.type, payload=ids).exists():
        done += do(run, tell_suppliers_of_part(GoodsTakenBack(**ids)))
    return done


def test_of_two_that_came_the_whole_one_is_sold_again(
    open_shop: Shop, before: int, order: Order, bank: Sandbox, run: Run
) -> None:
    refund = returned(order, 3, 2, 1)

    assert back(order, refund, run) == [Job.State.DONE] * 2
    assert mugs(open_shop) == before - 2
    told = bank.get(f"/ledger.json?order={order.number}")["warehouse"]
    assert [(row["effect"], row["accepted"]) for row in told] == [(f"release of {refund.name}", 1)]


def test_what_is_damaged_is_not_sold_again_nor_told_of(
    open_shop: Shop, before: int, order: Order, bank: Sandbox, run: Run
) -> None:
    assert back(order, returned(order, 1, 1, 0), run) == []
    assert mugs(open_shop) == before - 3


def test_the_rest_comes_back_with_a_cancelled_order_and_the_damaged_does_not(
    open_shop: Shop, before: int, order: Order, bank: Sandbox, run: Run
) -> None:
    back(order, returned(order, 2, 2, 1), run)
    services.cancel_order(order_id=order.pk, by="staff", reason="asked")
    do(run, give_back(OrderCancelled(order_id=order.pk)))

    assert mugs(open_shop) == before - 1


def test_a_return_of_all_the_money_brings_back_what_is_whole(
    open_shop: Shop, before: int, bank: Sandbox, run: Run
) -> None:
    order = placed((open_shop["harbour-mug"], 3))
    Order.objects.filter(pk=order.pk).update(shipping_cents=0)
    attempt = order.payments.get()
    services.mark_paid(attempt_id=attempt.pk, settlement=CAPTURED)
    goods = order.lines.get().total_cents
    type(attempt).objects.filter(pk=attempt.pk).update(amount_cents=goods)
    refund = returned(order, 3, 3, 2)
    do(run, give_back(OrderRefunded(order_id=order.pk, refund_id=refund.pk, again="")))

    order.refresh_from_db()
    assert (order.state, mugs(open_shop)) == ("refunded", before - 1)
