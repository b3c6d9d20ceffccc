"""What is well signed, well formed and wrong: kept, shown to staff, not obeyed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deferral.inbox.receiving import NO_NOTICE
from orders.models import Order, Shipment, ShipmentNotice
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.decisions import request_refund
from orders.shipments.reading import is_address, notice_of, read_answer
from orders.tasks import forget_notices
from tests.orders.shipments.telling import FOLLOW, said, states, told

pytestmark = pytest.mark.django_db
Wrong = Callable[[Order, str, str], dict[str, Any]]

WRONG: dict[str, tuple[Wrong, str]] = {
    "unknown": (lambda _, mug, __: said("H-1-abcdefgh", "packed", {mug: 1}), "No order of ours"),
    "a number alone": (lambda o, mug, _: said(o.number, "packed", {mug: 1}), "No order of ours"),
    "a row's": (lambda o, mug, _: said(str(o.pk), "packed", {mug: 1}), "No order of ours"),
    "another's tag": (
        lambda o, mug, _: said(f"{o.number}-abcdefgh", "packed", {mug: 1}),
        "No order of ours",
    ),
    "another's line": (lambda o, _, p: said(o, "packed", {p: 1}), "not this supplier's to send"),
    "an unknown line": (lambda o, *_: said(o, "packed", {"X": 1}), "not this supplier's to send"),
    "a seat": (lambda o, *_: said(o, "packed", {"TI-001": 1}), "not this supplier's to send"),
    "too many": (lambda o, mug, _: said(o, "packed", {mug: 4}), "more than the 3"),
    "of the future": (
        lambda o, mug, _: said(o, "delivered", {mug: 3}, minutes=100),
        "dated in the future",
    ),
    "of long ago": (
        lambda o, mug, _: said(o, "delivered", {mug: 3}, minutes=-9_000),
        "dated before the order",
    ),
}


@pytest.mark.parametrize("what", list(WRONG))
def test_it_is_kept_with_what_is_wrong_and_changes_nothing(
    order: Order, mug: str, print_: str, what: str
) -> None:
    make, words = WRONG[what]
    notice = told(make(order, mug, print_))

    assert notice.refused
    assert words in notice.misfit
    assert not Shipment.objects.exists()


@pytest.mark.parametrize("state", ["cancelled", "refunded", "payment_failed", "awaiting_payment"])
def test_of_an_order_that_is_not_paid_nothing_is_believed(
    order: Order, mug: str, state: str
) -> None:
    Order.objects.filter(pk=order.pk).update(state=state)
    notice = told(said(order, "on_its_way", {mug: 3}))

    assert notice.misfit.startswith("The order is ")
    assert not Shipment.objects.exists()


def test_what_is_wrong_leaves_what_is_right_as_it_was(order: Order, mug: str) -> None:
    told(said(order, "packed", {mug: 3}))
    told(said(order, "delivered", {mug: 9}))

    assert Shipment.objects.get().state == "packed"


ODD_ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<b>",
    "http://post.example/7",
    "https://",
    "https://post.example@evil.example/",
    "https://user:secret@post.example/7",
    "https://post.example/\n7",
    "https://post.example/\u202e7",
    "https://p\u043est.example/",
    "//post.example/7",
    "/orders/H-1/",
    " https://post.example/7",
    "https://post.example/" + "7" * 600,
    "https://[::1/",
    7,
    ["https://post.example/7"],
    {"href": "https://post.example"},
]


@pytest.mark.parametrize("address", ODD_ADDRESSES)
def test_nobody_is_led_to_an_address_that_is_none(order: Order, mug: str, address: object) -> None:
    """The rest of the notice counts, and staff read what was left out."""
    notice = told(said(order, "on_its_way", {mug: 3}, tracking_url=address))

    assert "tracking address is not one that we show" in notice.misfit
    parcel = Shipment.objects.get()
    assert (parcel.state, parcel.tracking_url) == ("on_its_way", "")


@pytest.mark.parametrize("number", ["a\x00b", "\u202e7", "7" * 61, "   ", 7, ["7"], "na\u00efve"])
def test_a_number_that_is_none_is_not_shown(order: Order, mug: str, number: object) -> None:
    told(said(order, "on_its_way", {mug: 3}, tracking_number=number))

    assert Shipment.objects.get().tracking_number == ""


def test_a_carriers_name_is_one_line_that_can_be_read(order: Order, mug: str) -> None:
    told(said(order, "on_its_way", {mug: 3}, carrier="Har\x00bour\n\u202ePost" + "!" * 90))

    carrier = Shipment.objects.get().carrier
    assert carrier.isprintable()
    assert len(carrier) <= 60


NOW = datetime.now(UTC).isoformat()
NO_LINES: list[Any] = [
    [],
    None,
    {},
    "MUG",
    [{"sku": "A", "quantity": 0}],
    [{"sku": "A", "quantity": -1}],
    [{"sku": "A", "quantity": True}],
    [{"sku": "A", "quantity": 1.0}],
    [{"sku": "A", "quantity": "1"}],
    [{"sku": "A", "quantity": 10**30}],
    [{"sku": "A", "quantity": 1}] * 2,
    [{"sku": "A\x00", "quantity": 1}],
    [{"sku": "A" * 41, "quantity": 1}],
    [{"sku": f"A{number}", "quantity": 1} for number in range(201)],
]


@pytest.mark.parametrize("lines", NO_LINES)
def test_lines_that_are_none_are_not_understood(lines: object) -> None:
    data = {"order": "H-1-a", "shipment": "P", "lines": lines}
    with pytest.raises(NO_NOTICE):
        notice_of("n", {"type": "shipment.packed", "timestamp": NOW, "data": data})


@pytest.mark.parametrize(
    "moment", ["", "yesterday", "2026-11-30T12:00:00", 7, None, "0001-01-01T00:00:00+14:00"]
)
def test_a_moment_that_is_none_is_not_understood(moment: object) -> None:
    data = {"order": "H-1-a", "shipment": "P", "lines": [{"sku": "A", "quantity": 1}]}
    with pytest.raises(NO_NOTICE):
        notice_of("n", {"type": "shipment.packed", "timestamp": moment, "data": data})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)


@given(json_values)
def test_an_answer_of_whatever_shape_is_left_out(said: object) -> None:
    assert read_answer(said, about="H-1-a") is None


@given(st.text(max_size=80))
def test_an_address_that_is_shown_is_one_of_the_web(text: str) -> None:
    assert is_address(FOLLOW)
    assert not is_address(text) or text.startswith("https://")


def test_an_answer_about_another_order_is_left_out(order: Order, mug: str) -> None:
    notice = said(order, "packed", {mug: 1}, at=datetime.now(UTC) - timedelta(minutes=1))

    assert read_answer(notice, about=order.reference) is not None
    assert read_answer(notice, about="H-1-another") is None


def test_an_answer_in_lists_without_end_is_none(order: Order) -> None:
    deep: list[Any] = []
    for _ in range(200_000):
        deep = [deep]

    assert read_answer({"type": deep}, about=order.reference) is None


def test_what_was_said_of_no_order_is_forgotten_after_a_while(order: Order, mug: str) -> None:
    """And what was said of one is not."""
    for about in (order, "H-1-abcdefgh"):
        told(said(about, "packed", {mug: 1}))
    ShipmentNotice.objects.update(received_at=datetime.now(UTC) - timedelta(days=91))
    told(said("H-2-abcdefgh", "packed", {mug: 1}))
    forget_notices.run()

    left = ShipmentNotice.objects.values_list("order_ref", flat=True)
    assert sorted(left) == sorted([order.reference, "H-2-abcdefgh"])


def refund_mugs(order: Order, mug: str, count: int) -> None:
    line = order.lines.get(sku=mug)
    chosen = [Chosen(line_id=line.pk, quantity=count, pieces=(), to_stock=True)]
    cents = count * line.unit_cents
    request_refund(order_id=order.pk, by="harbour", reason="-", cents=cents, lines=chosen)


def sent(order: Order, mug: str, name: str, count: int, state: str = "on_its_way") -> str:
    notice = told(said(order, state, {mug: count}, shipment=name, at=datetime.now(UTC)))
    return notice.misfit


def test_goods_that_are_sent_although_they_were_paid_back_are_told_to_staff(
    order: Order, mug: str
) -> None:
    """The notice counts all the same: they are on their way."""
    told(said(order, "packed", {mug: 3}))
    refund_mugs(order, mug, 2)

    assert sent(order, mug, "P-1", 3) == f"2 x {mug} is sent although it was paid back before."
    assert states(order) == {"P-1": "on_its_way"}
    assert not sent(order, mug, "P-1", 3, "delivered")


def test_also_when_they_are_sent_one_by_one(order: Order, mug: str) -> None:
    refund_mugs(order, mug, 2)

    found = [bool(sent(order, mug, f"P-{number}", 1)) for number in range(3)]
    assert found == [False, True, True]


def test_goods_that_had_left_before_they_were_paid_back_are_sent_rightly(
    order: Order, mug: str
) -> None:
    """Two came, broken; the third is still to be sent."""
    assert not sent(order, mug, "P-1", 2)
    refund_mugs(order, mug, 2)

    assert not sent(order, mug, "P-1", 2, "delivered")
    assert not sent(order, mug, "P-2", 1)


def test_what_was_lost_and_paid_back_is_not_to_be_sent_once_more(order: Order, mug: str) -> None:
    for state in ("on_its_way", "lost"):
        sent(order, mug, "P-1", 3, state)
    refund_mugs(order, mug, 3)

    assert "3 x" in sent(order, mug, "P-2", 3)
