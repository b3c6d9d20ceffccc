"""The page where money moves, against a bank that misbehaves."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from deferral.models import Event
from orders import gateway
from orders.errors import PaymentUnavailable
from orders.gateway import Settlement
from orders.models import Order
from shop.models import Product, Reservation
from tests.sandbox.running_sandbox import Sandbox
from tests.shop.buying import buy, fill_cart, form_values, left_of, order_of

Shop = dict[str, Product]


@pytest.fixture(autouse=True)
def _full_cart(open_shop: Shop, bank: Sandbox, customer: Client) -> None:
    fill_cart(customer, point_reyes_6_am=1, lantern_walk=3, low_tide=1)


def test_a_paid_checkout_leads_to_its_order_and_empties_the_cart(
    customer: Client, bank: Sandbox
) -> None:
    answer = buy(customer)

    order = order_of(answer)
    assert (answer.status_code, order.state, order.total_cents) == (303, "paid", 9350)
    assert customer.session["cart"] == {}
    assert bank.entries("payment", order.number) == [("charge", 1, 0, 0)]
    assert [event.type for event in Event.objects.all()] == ["orders.order_paid"]
    assert set(order.reservations.values_list("state", flat=True)) == {"committed"}


def test_a_decline_keeps_the_cart_says_why_and_gives_the_stock_back(
    customer: Client, open_shop: Shop
) -> None:
    before = form_values(customer)
    method = {"payment_method": "pm_card_chargeDeclinedInsufficientFunds"}
    answer = customer.post("/checkout/", before | method)

    assert answer.status_code == 402
    assert b"insufficient funds" in answer.content
    assert b"Nothing was charged" in answer.content
    assert before["checkout_key"] not in answer.content.decode()
    assert b"Ada Lovelace" in answer.content
    assert len(customer.session["cart"]) == 3
    assert left_of(open_shop["lantern-walk"]) == 240
    assert Order.objects.get().state == "payment_failed"


def test_after_a_decline_another_card_makes_another_order(customer: Client) -> None:
    buy(customer, payment_method="pm_card_chargeDeclined")
    answer = buy(customer)

    assert order_of(answer).state == "paid"
    assert sorted(Order.objects.values_list("state", flat=True)) == ["paid", "payment_failed"]


def test_a_lost_reply_is_unknown_and_keeps_the_stock(customer: Client, open_shop: Shop) -> None:
    answer = buy(customer, payment_method="pm_sandbox_replyLost")

    order = order_of(answer)
    page = customer.get(answer["Location"]).content.decode()
    assert (answer.status_code, order.state) == (303, "payment_unknown")
    assert "We do not know yet whether your card was charged" in page
    assert left_of(open_shop["lantern-walk"]) == 237
    assert Event.objects.get().type == "orders.payment_unknown"


@pytest.mark.parametrize(("state", "left"), [("paid", 0), ("payment_failed", 3)])
def test_an_unknown_payment_keeps_the_cart_until_it_is_known(
    customer: Client, state: str, left: int
) -> None:
    page = buy(customer, payment_method="pm_sandbox_replyLost")["Location"]
    customer.get(page)
    assert len(customer.session["cart"]) == 3
    assert customer.get("/checkout/")["Location"] == page

    Order.objects.update(state=state)
    customer.get(f"{page}steps/")
    assert len(customer.session["cart"]) == left


def test_a_dead_provider_costs_nothing(
    customer: Client, open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> str:
        raise PaymentUnavailable

    monkeypatch.setattr(gateway, "create", refuse)
    answer = buy(customer)

    assert answer.status_code == 503
    assert b"cannot be reached. Nothing was charged" in answer.content
    assert left_of(open_shop["lantern-walk"]) == 240
    assert Order.objects.get().state == "payment_failed"


def test_the_same_form_sent_twice_is_one_order(customer: Client, bank: Sandbox) -> None:
    form = form_values(customer)
    first, second = (customer.post("/checkout/", form) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert second.status_code == 303
    assert bank.entries("payment", order_of(first).number) == [("charge", 1, 0, 0)]


def send_copy(customer: Client, form: dict[str, str]) -> str:
    """The same browser once more, as a second click at the same moment is."""
    twin = Client()
    twin.cookies.load(customer.cookies.output(header="", sep=";"))
    try:
        return str(twin.post("/checkout/", form)["Location"])
    finally:
        connection.close()


def test_a_form_sent_eight_times_at_once_is_one_order_and_one_charge(
    customer: Client, bank: Sandbox, open_shop: Shop
) -> None:
    form = form_values(customer)
    with ThreadPoolExecutor(8) as clicks:
        led_to = set(clicks.map(lambda _: send_copy(customer, form), range(8)))

    order = Order.objects.get()
    assert led_to == {f"/orders/{order.number}/"}
    assert bank.entries("payment", order.number) == [("charge", 1, 0, 0)]
    assert left_of(open_shop["lantern-walk"]) == 237


def test_the_same_key_with_another_basket_is_refused(customer: Client) -> None:
    form = form_values(customer)
    customer.post("/checkout/", form)
    fill_cart(customer, harbour_mug=1)
    answer = customer.post("/checkout/", form | {"expected_total": ""})

    assert answer.status_code == 409
    assert b"already used for another basket" in answer.content
    assert Order.objects.count() == 1


def test_a_price_changed_meanwhile_is_shown_before_it_is_charged(
    customer: Client, open_shop: Shop
) -> None:
    form = form_values(customer)
    Product.objects.filter(slug="low-tide").update(price_cents=99_900)
    answer = customer.post("/checkout/", form)

    assert answer.status_code == 409
    assert b"has changed" in answer.content
    assert not Order.objects.exists()


def test_what_was_sold_meanwhile_is_named(customer: Client) -> None:
    form = form_values(customer)
    Product.objects.filter(slug="lantern-walk").update(available=2)
    answer = customer.post("/checkout/", form)

    assert answer.status_code == 409
    assert b"Only 2 of Lantern Walk left" in answer.content
    assert not Reservation.objects.exists()


def test_no_connection_is_held_while_the_card_is_charged(
    customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []

    def charge(**_: object) -> Settlement:
        held.append(connection.connection)
        return Settlement(outcome="captured", ref="pi_1")

    monkeypatch.setattr(gateway, "confirm", charge)
    buy(customer)

    assert held == [None]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Ada\nBcc: everybody@example.org"),
        ("name", "a" * 201),
        ("name", "nul\0"),
        ("email", "ada"),
        ("address", ""),
        ("payment_method", "4242424242424242"),
        ("checkout_key", "1"),
    ],
)
def test_a_form_with_a_mistake_comes_back_as_it_was(
    customer: Client, field: str, value: str
) -> None:
    answer = buy(customer, **{field: value})

    assert answer.status_code == 422
    assert not Order.objects.exists()
    assert len(customer.session["cart"]) == 3


def test_an_address_is_asked_for_only_where_something_is_shipped(open_shop: Shop) -> None:
    guest = Client()
    fill_cart(guest, low_tide=1)

    assert b'name="address"' not in guest.get("/checkout/").content
    assert order_of(buy(guest)).address == ""


def test_an_old_form_after_the_order_leads_to_nobody_elses_order(customer: Client) -> None:
    form = form_values(customer, checkout_key=str(uuid.uuid4()))
    customer.post("/checkout/", form)
    answer = Client().post("/checkout/", form)

    assert answer["Location"] == "/cart/"
