"""What a refund of a part was for is sold again, once, and its supplier is told of that part."""

from collections.abc import Iterable

import pytest

from deferral.handlers import JobSpec
from deferral.models import Event, Job
from orders import services
from orders.events import OrderCancelled, PartlyRefunded
from orders.models import Order, Refund
from orders.payments.provider.settlements import Settlement
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.decisions import request_refund
from shop import stock, suppliers
from shop.events import GoodsTakenBack
from shop.gateway import Quantity
from shop.handlers import give_back, take_goods_back, tell_suppliers_of_part
from shop.models import Product, Reservation
from tests.orders.buying import stands
from tests.rig.running_sandbox import Sandbox
from tests.shop.as_before import alike, before_capitals
from tests.shop.buying import left_of, placed
from tests.shop.conftest import Run

Shop = dict[str, Product]
CAPTURED = Settlement(outcome="captured", ref="pi_1", card="Visa ending 4242")


@pytest.fixture
def order(open_shop: Shop) -> Order:
    """Three seats and two mugs, paid."""
    order = placed((open_shop["lantern-walk"], 3), (open_shop["harbour-mug"], 2))
    services.mark_paid(attempt_id=order.payments.get().pk, settlement=CAPTURED)
    stock.commit(order_id=order.pk)
    return order


def refunded(order: Order, *seats: int, mugs: int = 0, to_stock: bool = True) -> Refund:
    """Their money is back; the workers have not been by."""
    ticket, mug = order.lines.get(kind="ticket"), order.lines.get(kind="home")
    chosen = []
    if seats:
        one = Chosen(line_id=ticket.pk, quantity=len(seats), pieces=seats, to_stock=True)
        chosen.append(one)
    if mugs:
        chosen.append(Chosen(line_id=mug.pk, quantity=mugs, to_stock=to_stock))
    cents = 100 * len(chosen)
    request_refund(order_id=order.pk, cents=cents, lines=chosen, by="staff", reason="ill")
    return stands(Refund.objects.latest("id"))


def do(run: Run, specs: Iterable[JobSpec]) -> list[str]:
    """Each job, twice; their states."""
    states = []
    for spec in specs:
        run(spec)
        states.append(run(spec).state)
    return states


def back(order: Order, refund: Refund, run: Run) -> list[str]:
    """All that follows, as the relay would have it done."""
    ids = {"order_id": order.pk, "refund_id": refund.pk}
    done = do(run, take_goods_back(PartlyRefunded(**ids)))
    if Event.objects.filter(type=GoodsTakenBack.type, payload=ids).exists():
        done += do(run, tell_suppliers_of_part(GoodsTakenBack(**ids)))
    return done


def stocks(shop: Shop) -> tuple[int | None, int | None]:
    return left_of(shop["lantern-walk"]), left_of(shop["harbour-mug"])


@pytest.fixture
def before(open_shop: Shop) -> tuple[int, int]:
    """What there was before anything was sold."""
    seats, mugs = (open_shop[slug].available for slug in ("lantern-walk", "harbour-mug"))
    assert seats
    assert mugs
    return seats, mugs


def test_seats_and_goods_are_sold_again_once(
    open_shop: Shop, before: tuple[int, int], order: Order, bank: Sandbox, run: Run
) -> None:
    refund = refunded(order, 1, 3, mugs=1)

    assert back(order, refund, run) == [Job.State.DONE] * 3

    assert stocks(open_shop) == (before[0] - 1, before[1] - 1)
    told = bank.get(f"/ledger.json?order={order.number}")
    part = f"release of {refund.name}"
    for service in ("box-office", "warehouse"):
        assert [(row["effect"], row["accepted"]) for row in told[service]] == [(part, 1)]
        assert refund.name in told[service][0]["key"]


def test_goods_that_stay_with_the_customer_are_never_sold_again(
    open_shop: Shop, before: tuple[int, int], order: Order, bank: Sandbox, run: Run
) -> None:
    assert back(order, refunded(order, mugs=1, to_stock=False), run) == []
    assert stocks(open_shop) == (before[0] - 3, before[1] - 2)

    services.cancel_order(order_id=order.pk, by="staff", reason="asked")
    do(run, give_back(OrderCancelled(order_id=order.pk)))
    assert stocks(open_shop) == (before[0], before[1] - 1)


def test_what_came_back_before_does_not_come_back_with_the_rest(
    open_shop: Shop, before: tuple[int, int], order: Order, bank: Sandbox, run: Run
) -> None:
    back(order, refunded(order, 2, mugs=2), run)
    services.cancel_order(order_id=order.pk, by="staff", reason="asked")

    do(run, give_back(OrderCancelled(order_id=order.pk)))

    assert stocks(open_shop) == before
    seats = dict.fromkeys(row[0] for row in bank.entries("box-office", order.number))
    assert list(seats)[1:] == ["release"]
    assert "release" not in {row[0] for row in bank.entries("warehouse", order.number)}


def test_a_part_that_is_late_comes_back_with_the_rest_and_not_twice(
    open_shop: Shop, before: tuple[int, int], order: Order, bank: Sandbox, run: Run
) -> None:
    """The order is cancelled between the refund of the part and its goods."""
    refund = refunded(order, 2, mugs=1)
    services.cancel_order(order_id=order.pk, by="staff", reason="asked")

    for _ in range(2):
        assert back(order, refund, run) == [Job.State.DONE]
        do(run, give_back(OrderCancelled(order_id=order.pk)))

    assert stocks(open_shop) == before
    assert not Event.objects.filter(type=GoodsTakenBack.type).exists()


def test_goods_that_are_numbered_anew_go_back_under_the_number_they_were_ordered_by(
    open_shop: Shop, before: tuple[int, int], order: Order, bank: Sandbox, run: Run
) -> None:
    """0.2.0 had products that differ in capitals alone: a migration numbers them anew."""
    mug, seat = open_shop["harbour-mug"], open_shop["lantern-walk"]
    with before_capitals():
        alike(mug, "ho-001")
        alike(seat, "ti-0" * 10)
    assert set(Product.objects.filter(pk__in=[mug.pk, seat.pk]).values_list("sku", flat=True)) == {
        "HO-001-2",
        f"{('TI-0' * 10)[:38]}-2",
    }

    refund = refunded(order, 1, mugs=1)
    assert back(order, refund, run) == [Job.State.DONE] * 3
    assert stocks(open_shop) == (before[0] - 2, before[1] - 1)
    assert suppliers.rest_of("warehouse", order.pk) == [Quantity(sku="HO-001", quantity=1)]
    refunded(order, mugs=1, to_stock=False)
    services.cancel_order(order_id=order.pk, by="staff", reason="asked")
    do(run, give_back(OrderCancelled(order_id=order.pk)))

    assert stocks(open_shop) == (before[0], before[1] - 1)
    told = bank.get(f"/ledger.json?order={order.number}")
    assert [row["effect"] for row in told["warehouse"]] == [f"release of {refund.name}"]


def test_an_amount_alone_brings_nothing_back(order: Order) -> None:
    request_refund(order_id=order.pk, cents=100, by="staff", reason="a scratch")
    refund = stands(Refund.objects.get())

    assert list(take_goods_back(PartlyRefunded(order_id=order.pk, refund_id=refund.pk))) == []
    assert set(Reservation.objects.values_list("returned", flat=True)) == {0}


def test_the_supplier_hears_of_a_part_after_it_was_told_to_reserve(
    order: Order, bank: Sandbox, run: Run
) -> None:
    refund = refunded(order, 2)
    fact = GoodsTakenBack(order_id=order.pk, refund_id=refund.pk)
    [spec] = tell_suppliers_of_part(fact)

    assert spec.ordering_key == f"box_office:{order.reference}"
    assert spec.key == f"release_box_office:{refund.name}"
