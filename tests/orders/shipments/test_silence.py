"""Suppliers that say nothing: asked after a while, and named where asking does not help."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import NotAllowed
from deferral.models import Event, IncomingNotice
from orders.events import SupplierSilent
from orders.models import Consignment, Order, Refund, Shipment
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.decisions import request_refund
from orders.payments.refunds.sums import back_of
from orders.shipments.correcting import correct_shipment
from orders.shipments.ending import expect_no_more
from orders.shipments.expecting import answered, expect, find_silent, silent
from orders.shipments.recording import hear
from orders.shipments.showing import shipments_of, to_come
from tests.orders.shipments.telling import said, told

pytestmark = pytest.mark.django_db
SILENCE, SHORT = timedelta(hours=2), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _patience(settings: Settings) -> None:
    settings.SUPPLIER_SILENCE = SILENCE


def later(length: timedelta) -> datetime:
    return datetime.now(UTC) + length


def asked() -> list[tuple[str, int]]:
    found = Event.objects.filter(type=SupplierSilent.type).order_by("id")
    return [(event.payload["supplier"], event.payload["times"]) for event in found]


def test_one_that_has_said_nothing_is_asked_after_the_stated_time(order: Order) -> None:
    for _ in range(2):
        expect(order_id=order.pk, supplier="warehouse")

    assert find_silent(now=later(SILENCE - SHORT)) == 0
    assert find_silent(now=later(SILENCE + SHORT)) == 1
    assert find_silent(now=later(SILENCE + SHORT)) == 0
    assert find_silent(now=later(2 * SILENCE + 2 * SHORT)) == 1
    assert asked() == [("warehouse", 1), ("warehouse", 2)]


def test_what_it_says_gives_it_time_again(order: Order, mug: str) -> None:
    expect(order_id=order.pk, supplier="warehouse")
    Consignment.objects.update(ask_at=datetime.now(UTC) + SHORT)
    told(said(order, "packed", {mug: 3}))

    assert find_silent(now=later(SILENCE - SHORT)) == 0
    assert find_silent(now=later(SILENCE + SHORT)) == 1


@pytest.mark.parametrize("state", ["delivered", "refused", "lost", "returned"])
def test_once_all_has_come_to_an_end_nothing_more_is_expected(
    order: Order, mug: str, state: str
) -> None:
    told(said(order, "delivered", {mug: 1}, shipment="P-1"))
    assert find_silent(now=later(SILENCE + SHORT)) == 1

    told(said(order, state, {mug: 2}, shipment="P-2"))
    assert find_silent(now=later(3 * SILENCE)) == 0


def test_what_its_customer_was_paid_back_for_is_not_waited_for(order: Order, mug: str) -> None:
    line = order.lines.get(sku=mug)
    chosen = [Chosen(line_id=line.pk, quantity=2, pieces=(), to_stock=True)]
    request_refund(
        order_id=order.pk, by="harbour", reason="broken", cents=2 * line.unit_cents, lines=chosen
    )
    told(said(order, "delivered", {mug: 1}))

    assert find_silent(now=later(3 * SILENCE)) == 0


@pytest.mark.parametrize("state", ["cancelled", "refunded"])
def test_nobody_is_asked_about_an_order_that_was_called_off(order: Order, state: str) -> None:
    expect(order_id=order.pk, supplier="warehouse")
    Order.objects.filter(pk=order.pk).update(state=state)

    assert find_silent(now=later(2 * SILENCE)) == 0
    assert Consignment.objects.get().ask_at is None


def test_who_was_asked_and_stays_silent_is_named_and_who_answers_is_not(order: Order) -> None:
    expect(order_id=order.pk, supplier="warehouse")
    now = later(SILENCE + SHORT)
    find_silent(now=now)
    assert not silent(now=now + SHORT).exists()
    assert silent(now=now + timedelta(hours=1)).count() == 1

    Consignment.objects.update(asked_at=datetime.now(UTC) - timedelta(hours=1))
    answered(order_id=order.pk, supplier="warehouse")
    assert not silent(now=now + timedelta(hours=1)).exists()


def test_a_notice_that_does_not_fit_is_no_news(order: Order) -> None:
    expect(order_id=order.pk, supplier="warehouse")
    told(said(order, "packed", {"X": 1}))

    assert Consignment.objects.get().news_at is None
    assert IncomingNotice.objects.count() == 1


def refund_mugs(order: Order, mug: str, count: int) -> None:
    line = order.lines.get(sku=mug)
    chosen = [Chosen(line_id=line.pk, quantity=count, pieces=(), to_stock=True)]
    request_refund(
        order_id=order.pk,
        by="harbour",
        reason="broken",
        cents=count * line.unit_cents,
        lines=chosen,
    )


def test_nobody_is_asked_about_goods_that_were_paid_back(order: Order, mug: str) -> None:
    """Nor named: also of one that had been asked before."""
    expect(order_id=order.pk, supplier="warehouse")
    assert find_silent(now=later(SILENCE + SHORT)) == 1
    refund_mugs(order, mug, 3)
    for times in (2, 3, 4, 5):
        assert find_silent(now=later(times * (SILENCE + SHORT))) == 0

    assert not silent(now=later(6 * SILENCE)).exists()
    Refund.objects.update(state="done")
    assert find_silent(now=later(7 * SILENCE)) == 0
    assert Consignment.objects.get().ask_at is None


def test_after_a_refund_that_failed_it_is_asked_again(order: Order, mug: str) -> None:
    expect(order_id=order.pk, supplier="warehouse")
    refund_mugs(order, mug, 3)
    told(said(order, "packed", {mug: 3}))
    assert find_silent(now=later(SILENCE + SHORT)) == 0
    Refund.objects.update(state="refused")

    assert find_silent(now=later(3 * SILENCE)) == 1


def test_a_correction_of_staff_is_no_news_of_the_suppliers(order: Order, mug: str) -> None:
    told(said(order, "packed", {mug: 3}))
    asked_at = datetime.now(UTC) - timedelta(hours=1)
    long_ago = asked_at - timedelta(hours=2)
    Consignment.objects.update(asked_at=asked_at, news_at=long_ago)
    due = Consignment.objects.get().ask_at
    correct(Shipment.objects.get(), "on_its_way")

    after = Consignment.objects.get()
    assert (after.news_at, after.ask_at) == (long_ago, due)
    assert silent(now=datetime.now(UTC)).exists()


def test_what_staff_say_ends_the_waiting_and_begins_it_again(order: Order, mug: str) -> None:
    told(said(order, "packed", {mug: 3}))
    correct(Shipment.objects.get(), "delivered")
    assert Consignment.objects.get().ask_at is None

    correct(Shipment.objects.get(), "on_its_way")
    assert Consignment.objects.get().ask_at is not None


def test_what_was_said_before_is_no_news(order: Order, mug: str) -> None:
    notice = told(said(order, "packed", {mug: 3}), name="n-again")
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    Consignment.objects.update(news_at=long_ago)
    hear(notice_id=IncomingNotice.objects.get(external_id=notice.name).pk, supplier="warehouse")

    assert Consignment.objects.get().news_at == long_ago


def test_staff_end_the_waiting_until_the_supplier_speaks(order: Order, mug: str) -> None:
    notice = told(said(order, "packed", {mug: 3}))
    find_silent(now=later(SILENCE + SHORT))
    pk = Consignment.objects.get().pk
    expect_no_more(consignment_id=pk, by="harbour", reason="called")
    with pytest.raises(NotAllowed):
        expect_no_more(consignment_id=pk, by="harbour", reason="again")
    hear(notice_id=IncomingNotice.objects.get(external_id=notice.name).pk, supplier="warehouse")

    assert find_silent(now=later(5 * SILENCE)) == 0
    assert not silent(now=later(5 * SILENCE)).exists()
    told(said(order, "on_its_way", {mug: 3}))
    assert find_silent(now=later(5 * SILENCE)) == 1


def correct(parcel: Shipment, state: str) -> None:
    correct_shipment(shipment_id=parcel.pk, by="harbour", reason="called", state=state)


def give_back(order: Order, **terms: Any) -> None:
    """Money for one mug, which arrives."""
    line = order.lines.get(kind="home")
    one = Chosen(line_id=line.pk, quantity=1, **terms)
    request_refund(
        order_id=order.pk, by="harbour", reason="broken", cents=line.unit_cents, lines=[one]
    )
    Refund.objects.update(state="done")


@pytest.mark.parametrize("end", ["delivered", "lost", "refused", "returned"])
def test_what_was_sent_and_paid_back_is_not_another_piece_less_to_come(
    order: Order, mug: str, end: str
) -> None:
    told(said(order, end, {mug: 1}, shipment="P-1", at=datetime.now(UTC) - SHORT))
    give_back(order, to_stock=end in {"refused", "returned"})
    told(said(order, "delivered", {mug: 1}, shipment="P-2"))

    [one] = Consignment.objects.filter(supplier="warehouse")
    assert one.ask_at is not None
    rest = to_come(order, shipments_of(order.pk), back_of(order.pk))
    assert [each.quantity for each in rest if each.line.sku == mug] == [1]
    told(said(order, "delivered", {mug: 1}, shipment="P-3"))
    assert Consignment.objects.get(pk=one.pk).ask_at is None


@pytest.mark.parametrize("to_stock", [True, False])
def test_what_was_paid_back_before_it_was_sent_is_not_to_come(
    order: Order, mug: str, *, to_stock: bool
) -> None:
    told(said(order, "packed", {mug: 2}, shipment="P-1"))
    give_back(order, to_stock=to_stock)
    told(said(order, "delivered", {mug: 2}, shipment="P-1"))

    assert Consignment.objects.get(supplier="warehouse").ask_at is None
    assert mug not in [
        each.line.sku for each in to_come(order, shipments_of(order.pk), back_of(order.pk))
    ]
