"""Money back for chosen lines that comes back: theirs again, but for what was sold again."""

import pytest

from deferral.errors import NotAllowed
from notifications import messages
from orders import services
from orders.models import Order, OrderLine, PaymentAttempt, Refund
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.sums import Back, back_of, kept_by_customer, void_pieces
from tests.orders.buying import CAPTURED, paid, refund_of, stands
from tests.orders.test_refund_by_line import a_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """Three seats at 19.00 and two mugs at 18.00, paid."""
    return paid(lines=(a_line("ticket", 3, 1_900), a_line("home", 2, 1_800)), shipping_cents=0)


@pytest.fixture
def seats(order: Order) -> OrderLine:
    return order.lines.get(kind="ticket")


def for_seat(order: Order, number: int, *, to_stock: bool = False) -> Refund:
    """Decided, for one seat."""
    line = order.lines.get(kind="ticket")
    one = Chosen(line_id=line.pk, quantity=1, pieces=(number,), to_stock=to_stock)
    return refund_of(order, cents=1_900, lines=[one])


def test_it_is_void_while_the_money_is_on_its_way(order: Order, seats: OrderLine) -> None:
    stands(for_seat(order, 2), "pending")

    back = back_of(order.pk)
    assert (back.gone, back.coming) == (0, 1_900)
    assert void_pieces(order) == {(seats.pk, 2)}


@pytest.mark.parametrize("state", ["failed", "canceled"])
def test_what_never_went_back_is_the_customers_again(order: Order, state: str) -> None:
    stands(for_seat(order, 2, to_stock=True), state)

    assert (back_of(order.pk), void_pieces(order)) == (Back(), set())


def test_what_came_back_is_the_customers_again(order: Order) -> None:
    refund = stands(for_seat(order, 2))
    assert kept_by_customer(order.pk)

    stands(refund, "failed")
    assert (back_of(order.pk), void_pieces(order)) == (Back(), set())
    assert not kept_by_customer(order.pk)


def test_what_was_sold_again_stays_void(order: Order, seats: OrderLine) -> None:
    refund = stands(for_seat(order, 2, to_stock=True))
    stands(refund, "failed")

    back = back_of(order.pk)
    assert (back.gone, back.coming, back.is_all) == (0, 0, False)
    assert void_pieces(order) == {(seats.pk, 2)}
    with pytest.raises(NotAllowed, match="more than is left"):
        for_seat(order, 2)


def test_its_money_can_go_back_as_an_amount(order: Order) -> None:
    stands(stands(for_seat(order, 2, to_stock=True)), "failed")
    refund_of(order, cents=1_900)

    assert back_of(order.pk).coming == 1_900


def test_staff_read_what_stays_void_and_the_customer_what_is_theirs(order: Order) -> None:
    sold, kept = (stands(for_seat(order, n, to_stock=n == 1)) for n in (1, 2))
    for refund in (sold, kept):
        stands(refund, "failed")
        refund.refresh_from_db()
    order.refresh_from_db()

    told = "stays void:\n1 x Lantern Walk (ticket 1)\n"
    assert told in messages.came_to_nothing(order, sold, key="k").text
    assert "stays void" not in messages.came_to_nothing(order, kept, key="k").text
    told = "yours again meanwhile:\n1 x Lantern Walk (ticket 2)\n"
    assert told in messages.came_back(order, kept, key="k").text
    assert "yours again" not in messages.came_back(order, sold, key="k").text


def late_money(order: Order) -> Refund:
    """Of an attempt before the one that paid the order."""
    PaymentAttempt.objects.filter(order=order).update(id=10**6)
    early = PaymentAttempt.objects.create(
        id=10**5, order=order, state="failed", amount_cents=order.total_cents
    )
    services.mark_paid(attempt_id=early.pk, settlement=CAPTURED)
    return Refund.objects.get(payment=early)


def test_money_that_came_too_late_makes_nothing_void(order: Order) -> None:
    refund = late_money(order)
    assert (back_of(order.pk), void_pieces(order)) == (Back(), set())

    stands(refund)
    order.refresh_from_db()
    assert (order.state, order.closed_by, void_pieces(order)) == ("paid", "", set())


def test_money_that_came_too_late_and_comes_back_reopens_nothing(order: Order) -> None:
    refund = late_money(order)
    stands(refund_of(order))
    stands(stands(refund), "failed")

    order.refresh_from_db()
    assert (order.state, order.closed_by) == ("refunded", "harbour")
