"""The three systems: each told its own part, once, and in order."""

import pytest
from celery.exceptions import Retry as CeleryRetry

from deferral.errors import Bury
from deferral.models import Job
from deferral.registry import HANDLERS
from orders.events import OrderCancelled, OrderPaid, OrderRefunded
from orders.models import Order
from shop.handlers import give_back, tell_suppliers
from shop.models import Product
from shop.suppliers import part_of
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import left_of, placed
from tests.shop.conftest import Run

Shop = dict[str, Product]


@pytest.fixture
def order(open_shop: Shop) -> Order:
    """Something of everybody's: three suppliers, and a download that none of them has."""
    slugs = ("slow-swell", "harbour-mug", "lantern-walk", "low-tide")
    return placed(*((open_shop[slug], 2) for slug in slugs))


def test_each_supplier_has_a_job_of_its_own(order: Order) -> None:
    specs = list(tell_suppliers(OrderPaid(order_id=order.pk)))

    assert [spec.key for spec in specs] == [
        f"reserve_{supplier}:{order.reference}"
        for supplier in ("box_office", "print_room", "warehouse")
    ]
    assert {spec.spec.queue for spec in specs} == {"partners"}


def test_a_download_concerns_no_supplier(open_shop: Shop) -> None:
    order = placed((open_shop["low-tide"], 1))

    assert list(tell_suppliers(OrderPaid(order_id=order.pk))) == []


def test_each_supplier_is_told_once_however_often_the_job_comes(
    order: Order, bank: Sandbox, run: Run
) -> None:
    for spec in tell_suppliers(OrderPaid(order_id=order.pk)):
        assert run(spec).state == Job.State.DONE
        run(spec)

    for service in ("print-room", "warehouse", "box-office"):
        assert bank.entries(service, order.number) == [("reservation", 1, 1, 0)]
        [row] = bank.get(f"/ledger.json?order={order.number}")[service]
        assert row["key"] == f"reserve_{service.replace('-', '_')}:{order.reference}"


def test_a_supplier_is_told_its_own_part(order: Order) -> None:
    [part] = part_of("warehouse", order.pk)

    assert (part.sku, part.quantity) == ("HO-001", 2)


def test_a_product_that_moves_after_the_sale_is_its_old_suppliers_business(
    order: Order, bank: Sandbox, run: Run, open_shop: Shop
) -> None:
    """Between the sale and the reservation, and again before it is given back."""
    before = [spec.key for spec in tell_suppliers(OrderPaid(order_id=order.pk))]
    Product.objects.filter(slug="harbour-mug").update(supplier="print_room")
    assert [spec.key for spec in tell_suppliers(OrderPaid(order_id=order.pk))] == before

    for spec in give_back(OrderCancelled(order_id=order.pk)):
        assert run(spec).state == Job.State.DONE
    assert bank.entries("warehouse", order.number) == [("release", 1, 0, 0)]
    assert [part.sku for part in part_of("warehouse", order.pk)] == ["HO-001"]
    assert [part.sku for part in part_of("print_room", order.pk)] == [open_shop["slow-swell"].sku]


@pytest.mark.parametrize("mode", ["503", "reset", "lost-reply"])
def test_a_supplier_that_fails_is_asked_again(
    order: Order, bank: Sandbox, run: Run, mode: str
) -> None:
    spec = list(tell_suppliers(OrderPaid(order_id=order.pk)))[2]
    bank.fault("warehouse", mode=mode, rate=100, seconds=20)
    with pytest.raises(CeleryRetry):
        run(spec)
    bank.fault("warehouse", mode="ok")

    assert Job.objects.get(key=spec.key).state == Job.State.PENDING
    assert run(spec).state == Job.State.DONE
    [(effect, accepted, _, _)] = bank.entries("warehouse", order.number)
    assert (effect, accepted) == ("reservation", 1)


def test_what_a_supplier_will_never_accept_is_left_to_a_person(
    order: Order, bank: Sandbox, run: Run
) -> None:
    spec = next(iter(tell_suppliers(OrderPaid(order_id=order.pk))))
    bank.fault("box-office", mode="400", rate=100, seconds=20)
    with pytest.raises(Bury):
        run(spec)
    bank.fault("box-office", mode="ok")

    assert Job.objects.get(key=spec.key).state == Job.State.DEAD


def test_a_cancelled_order_is_given_back_everywhere_once(
    order: Order, bank: Sandbox, run: Run, open_shop: Shop
) -> None:
    cancelled = list(give_back(OrderCancelled(order_id=order.pk)))
    refunded = list(give_back(OrderRefunded(order_id=order.pk, refund_id=0, again="")))
    for spec in cancelled:
        run(spec)
        run(spec)

    assert [spec.key for spec in refunded] == [spec.key for spec in cancelled]
    assert left_of(open_shop["lantern-walk"]) == 240
    assert bank.entries("warehouse", order.number) == [("release", 1, 1, 0)]


def test_a_release_shares_the_ordering_key_of_its_reservation(order: Order) -> None:
    reserved = {spec.ordering_key for spec in tell_suppliers(OrderPaid(order_id=order.pk))}
    released = {spec.ordering_key for spec in give_back(OrderCancelled(order_id=order.pk))}

    assert released - {None} == reserved


def test_a_refund_gives_back_as_a_cancellation_does() -> None:
    assert give_back in HANDLERS[OrderRefunded.type]
    assert give_back in HANDLERS[OrderCancelled.type]
