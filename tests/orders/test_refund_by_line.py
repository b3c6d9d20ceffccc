"""Money back for chosen lines: what is chosen is void from the decision on, until it is refused."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from deferral.errors import NotAllowed
from deferral.models import Job
from orders import pieces, services
from orders.drafts import DraftLine
from orders.models import Order, OrderLine, Refund, RefundLine
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.recording import mark_refund_refused
from orders.payments.refunds.sums import Back, Returned, back_of, void_pieces
from tests.deferral.staff import sitting
from tests.orders.buying import paid, refund_of, stands

pytestmark = pytest.mark.django_db

ORDERS = "/admin/orders/order/"


def a_line(kind: str, quantity: int, cents: int) -> DraftLine:
    return DraftLine(
        sku=f"{kind}-1",
        kind=kind,
        title={"ticket": "Lantern Walk", "home": "Harbour mug"}[kind],
        detail="",
        unit_cents=cents,
        quantity=quantity,
        tax_basis_points=1_900,
    )


@pytest.fixture
def order() -> Order:
    """Three seats at 19.00 and two mugs at 18.00, paid."""
    return paid(lines=(a_line("ticket", 3, 1_900), a_line("home", 2, 1_800)), shipping_cents=0)


@pytest.fixture
def seats(order: Order) -> OrderLine:
    return order.lines.get(kind="ticket")


@pytest.fixture
def mugs(order: Order) -> OrderLine:
    return order.lines.get(kind="home")


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


def some(line: OrderLine, *numbers: int, quantity: int = 1) -> Chosen:
    return Chosen(line_id=line.pk, quantity=len(numbers) or quantity, pieces=numbers)


def decide(client: Client, order: Order, **said: Any) -> str:
    """Send the refund's form, and read what comes back."""
    terms = {"reason": "one is ill", "seen": "0", **said}
    answer = client.post(f"{ORDERS}{order.pk}/decide/refund/", terms, follow=True)
    return str(answer.content.decode())


def test_what_is_chosen_is_void_from_the_decision_on(
    order: Order, seats: OrderLine, mugs: OrderLine
) -> None:
    refund_of(order, cents=3_700, lines=[some(seats, 2), some(mugs)])

    assert back_of(order.pk) == Back(
        coming=3_700,
        lines={
            seats.pk: Returned(quantity=1, pieces=frozenset({2})),
            mugs.pk: Returned(quantity=1),
        },
    )
    order.refresh_from_db()
    assert (order.state, void_pieces(order)) == ("paid", {(seats.pk, 2)})


def test_it_stays_void_when_the_money_is_back(order: Order, seats: OrderLine) -> None:
    stands(refund_of(order, cents=1_900, lines=[some(seats, 2)]))

    back = back_of(order.pk)
    assert (back.gone, back.coming, back.is_all) == (1_900, 0, False)
    assert void_pieces(order) == {(seats.pk, 2)}


def test_it_is_the_customers_again_when_the_provider_refuses(
    order: Order, seats: OrderLine
) -> None:
    refund = refund_of(order, cents=1_900, lines=[some(seats, 2)])
    mark_refund_refused(refund_id=refund.pk, refusal="no")

    assert (back_of(order.pk), void_pieces(order)) == (Back(), set())


def test_it_is_the_customers_again_when_staff_give_the_refund_up(
    order: Order, seats: OrderLine
) -> None:
    refund = refund_of(order, cents=1_900, lines=[some(seats, 2)])
    facts = {"subject": order.subject, "task": "orders.refund_payment", "queue": "x"}
    Job.objects.create(key=refund.key, state="discarded", **facts)

    assert (back_of(order.pk), void_pieces(order)) == (Back(), set())


def test_with_all_the_money_every_seat_is_void_at_once(order: Order, seats: OrderLine) -> None:
    refund = refund_of(order)
    assert void_pieces(order) == {(seats.pk, number) for number in (1, 2, 3)}

    mark_refund_refused(refund_id=refund.pk, refusal="no")
    assert void_pieces(order) == set()


def test_parts_that_make_up_all_the_money_void_all_of_it(order: Order, seats: OrderLine) -> None:
    refund_of(order, cents=1_900, lines=[some(seats, 2)])
    refund_of(order, cents=order.total_cents - 1_900, seen=1_900)

    assert back_of(order.pk).is_all
    assert len(void_pieces(order)) == 3


def test_an_amount_alone_voids_nothing(order: Order) -> None:
    refund_of(order, cents=500)

    assert (void_pieces(order), RefundLine.objects.count()) == (set(), 0)


@pytest.mark.parametrize(
    "chosen",
    [
        {"numbers": (4,)},
        {"numbers": (0,)},
        {"numbers": (1, 1)},
        {"quantity": 1},
        {"numbers": (1,), "quantity_said": 2},
    ],
)
def test_a_seat_that_was_not_bought_is_not_given_back(
    order: Order, seats: OrderLine, chosen: dict[str, Any]
) -> None:
    numbers = chosen.get("numbers", ())
    quantity = chosen.get("quantity_said", len(numbers) or 1)
    wrong = Chosen(line_id=seats.pk, quantity=quantity, pieces=numbers)
    with pytest.raises(NotAllowed):
        refund_of(order, cents=100, lines=[wrong])

    assert not Refund.objects.exists()


@pytest.mark.parametrize("quantity", [0, -1, 3])
def test_no_more_goods_than_were_bought_are_given_back(
    order: Order, mugs: OrderLine, quantity: int
) -> None:
    with pytest.raises(NotAllowed):
        refund_of(order, cents=100, lines=[some(mugs, quantity=quantity)])


def test_what_went_back_before_is_not_given_back_again(
    order: Order, seats: OrderLine, mugs: OrderLine
) -> None:
    refund_of(order, cents=3_700, lines=[some(seats, 2), some(mugs)])
    for wrong in (some(seats, 2), some(mugs, quantity=2)):
        with pytest.raises(NotAllowed):
            refund_of(order, cents=100, lines=[wrong])

    refund_of(order, cents=3_700, lines=[some(seats, 1), some(mugs)])


def test_a_line_of_another_order_is_not_given_back(order: Order) -> None:
    other = paid(lines=(a_line("home", 2, 1_800),))
    with pytest.raises(NotAllowed):
        refund_of(order, cents=100, lines=[some(other.lines.get())])


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch, seats: OrderLine) -> None:
    """Somebody was let in by the second ticket."""
    told = {(seats.pk, 2): "12 Dec 2026, 19:02"}
    monkeypatch.setattr(pieces, "TELLERS", {"door": lambda _: told})


@pytest.mark.usefixtures("used")
def test_money_for_a_used_ticket_goes_back_only_all_the_same(
    order: Order, seats: OrderLine
) -> None:
    for terms in ({"cents": 1_900, "lines": [some(seats, 2)]}, {}, {"cents": order.total_cents}):
        with pytest.raises(NotAllowed, match="Ticket 2 was used 12 Dec 2026, 19:02"):
            refund_of(order, **terms)
    refund_of(order, cents=1_900, lines=[some(seats, 1)])
    refund_of(order, cents=1_900, lines=[some(seats, 2)], although_used=True)

    assert void_pieces(order) == {(seats.pk, 1), (seats.pk, 2)}


@pytest.mark.usefixtures("used")
def test_an_order_with_a_used_ticket_is_cancelled_only_all_the_same(
    order: Order, staff: Client
) -> None:
    with pytest.raises(NotAllowed, match="was used"):
        services.cancel_order(order_id=order.pk, by="staff", reason="closed")
    address = f"{ORDERS}{order.pk}/decide/cancel/"
    assert "Ticket 2 was used 12 Dec 2026, 19:02." in staff.get(address).content.decode()

    staff.post(address, {"reason": "closed", "although_used": "on"})
    order.refresh_from_db()
    assert order.state == "cancelled"


@pytest.mark.usefixtures("used")
def test_the_page_says_which_ticket_was_used_and_asks(
    order: Order, seats: OrderLine, staff: Client
) -> None:
    page = staff.get(f"{ORDERS}{order.pk}/decide/refund/").content.decode()
    assert "Ticket 2 of 3, used 12 Dec 2026, 19:02" in page
    field = {f"line_{seats.pk}": ["2"]}

    assert "Ticket 2 was used 12 Dec 2026, 19:02." in decide(staff, order, **field)
    assert not Refund.objects.exists()
    decide(staff, order, although_used="on", **field)
    refund = Refund.objects.get()
    assert (refund.amount_cents, refund.lines.get().to_stock) == (1_900, False)


def test_the_sum_follows_the_lines_and_it_is_known_what_for(
    order: Order, seats: OrderLine, mugs: OrderLine, staff: Client
) -> None:
    decide(
        staff, order, **{f"line_{seats.pk}": ["1", "3"], f"line_{mugs.pk}": "1", "to_stock": "1"}
    )

    refund = Refund.objects.get()
    assert refund.amount_cents == 5_600
    named = [(str(one), one.to_stock) for one in refund.lines.all()]
    assert named == [("2 x Lantern Walk (ticket 1, 3)", True), ("1 x Harbour mug", True)]
    what = "Refund 56.00 EUR for 2 x Lantern Walk (ticket 1, 3), 1 x Harbour mug: one is ill"
    assert LogEntry.objects.get().change_message == what
    page = staff.get(f"{ORDERS}{order.pk}/change/").content.decode()
    assert "2 x Lantern Walk (ticket 1, 3), sold again<br>1 x Harbour mug, sold again" in page
    assert "<td>2 (ticket 1, 3)</td>" in page


def test_goods_that_stay_away_are_not_sold_again(
    order: Order, mugs: OrderLine, staff: Client
) -> None:
    decide(staff, order, **{f"line_{mugs.pk}": "2"})

    assert [one.to_stock for one in Refund.objects.get().lines.all()] == [False]


def test_lines_may_go_back_for_less_and_everything_may_go_back(
    order: Order, seats: OrderLine, staff: Client
) -> None:
    decide(staff, order, amount="10", **{f"line_{seats.pk}": ["1"]})
    assert (Refund.objects.get().amount_cents, void_pieces(order)) == (1_000, {(seats.pk, 1)})

    decide(staff, order, everything="on", seen="1000")
    assert back_of(order.pk).is_all


def test_what_cannot_be_meant_is_asked_again(
    order: Order, seats: OrderLine, mugs: OrderLine, staff: Client
) -> None:
    assert "Choose what is given back, or give an amount." in decide(staff, order)
    both = decide(staff, order, everything="on", amount="5")
    assert "Either everything that is left, or an amount." in both
    assert "less than or equal to 2" in decide(staff, order, **{f"line_{mugs.pk}": "3"})
    assert "not one of the available choices" in decide(staff, order, **{f"line_{seats.pk}": ["9"]})
    refund_of(order, cents=9_000)
    said = decide(staff, order, seen="9000", **{f"line_{seats.pk}": ["1"]})
    assert "These lines cost 19.00 EUR, and 3.00 EUR is left" in said
    assert Refund.objects.count() == 1


def test_of_a_cancelled_order_no_lines_are_offered(order: Order, staff: Client) -> None:
    Order.objects.update(state="cancelled")

    page = staff.get(f"{ORDERS}{order.pk}/decide/refund/").content.decode()

    assert "Lantern Walk" not in page
    assert 'name="amount"' in page


def test_what_went_back_is_not_among_what_was_taken_today(order: Order, staff: Client) -> None:
    stands(refund_of(order, cents=1_900))

    page = staff.get("/admin/").content.decode()

    assert f"{(order.total_cents - 1_900) / 100:,.2f} EUR" in page
