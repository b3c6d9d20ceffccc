"""The page where money moves, against a bank that misbehaves."""

import pytest
from django.db import connection
from django.test import Client

from deferral.models import Event
from orders.errors import PaymentUnavailable
from orders.models import Order
from orders.payments.provider import gateway
from orders.payments.provider.settlements import Settlement
from shop.models import Product
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import buy, form_values, in_cart, left_of, order_of

Shop = dict[str, Product]
pytestmark = pytest.mark.usefixtures("full_cart")


def test_a_paid_checkout_leads_to_its_order_and_empties_the_cart(
    customer: Client, bank: Sandbox
) -> None:
    answer = buy(customer)
    customer.get(answer["Location"])

    order = order_of(answer)
    assert (answer.status_code, order.state, order.total_cents) == (303, "paid", 9350)
    assert in_cart(customer) == {}
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
    assert len(in_cart(customer)) == 3
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
    assert len(in_cart(customer)) == 3
    assert b"waits for its payment" in customer.get("/cart/").content
    assert customer.get("/checkout/")["Location"] == page

    Order.objects.update(state=state)
    customer.get("/cart/")
    assert len(in_cart(customer)) == left


def test_a_dead_provider_costs_nothing(
    customer: Client, open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> str:
        raise PaymentUnavailable

    monkeypatch.setattr(gateway, "create", refuse)
    answer = buy(customer)

    assert answer.status_code == 503
    assert b"Payments do not get through at the moment. Nothing was charged" in answer.content
    assert left_of(open_shop["lantern-walk"]) == 240
    assert Order.objects.get().state == "payment_failed"


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
