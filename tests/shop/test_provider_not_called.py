"""Checking out while the payment provider's breaker is open: refused at once, nothing is lost."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client

from deferral.external.breakers import forget
from deferral.external.rules import MIN_CALLS
from deferral.models import Breaker
from orders.errors import PaymentUnavailable
from orders.models import Order, PaymentAttempt
from orders.payments.provider import gateway
from orders.payments.provider.gateway import PROVIDER
from shop.access import signature_of
from shop.models import Product
from shop.settlement import settle_stale_payments
from shop.stock import HELD_FOR
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import buy, fill_cart, form_values, in_cart, left_of, order_of

Shop = dict[str, Product]
pytestmark = pytest.mark.usefixtures("full_cart")


@pytest.fixture
def open_breakers(full_cart: None) -> None:
    """For another half minute."""
    until = Now() + timedelta(seconds=30)
    Breaker.objects.create(name=PROVIDER, openings=1, open_until=until)


def is_back() -> None:
    """The provider answers again, and every process knows it."""
    Breaker.objects.update(openings=0, open_until=None)
    forget()


@pytest.mark.usefixtures("open_breakers")
def test_the_customer_hears_at_once_when_to_come_back_and_keeps_cart_and_stock(
    customer: Client, open_shop: Shop, bank: Sandbox
) -> None:
    before = form_values(customer)
    answer = customer.post("/checkout/", before)

    assert answer.status_code == 503
    assert 25 < int(answer["Retry-After"]) < 40
    assert b"set aside for you for 15 minutes" in answer.content
    assert before["checkout_key"] in answer.content.decode()
    assert len(in_cart(customer)) == 3
    assert left_of(open_shop["lantern-walk"]) == 237
    order = Order.objects.get()
    assert (order.state, order.payments.get().state) == ("awaiting_payment", "held")
    assert bank.entries("payment", order.number) == []


@pytest.mark.usefixtures("open_breakers")
def test_the_same_form_again_pays_the_same_order(
    customer: Client, open_shop: Shop, bank: Sandbox
) -> None:
    form = form_values(customer)
    for _ in range(3):
        assert customer.post("/checkout/", form).status_code == 503
    is_back()
    answer = customer.post("/checkout/", form)

    order = order_of(answer)
    assert (answer.status_code, order.state) == (303, "paid")
    assert Order.objects.count() == 1
    assert left_of(open_shop["lantern-walk"]) == 237
    assert bank.entries("payment", order.number) == [("charge", 1, 0, 0)]
    customer.get(answer["Location"])
    assert in_cart(customer) == {}


@pytest.mark.usefixtures("open_breakers")
def test_the_last_seats_are_still_theirs(customer: Client, open_shop: Shop) -> None:
    """Also on the page that is shown, whose button is the one to press."""
    Product.objects.filter(pk=open_shop["lantern-walk"].pk).update(available=3)
    form = form_values(customer)
    shown = customer.post("/checkout/", form)
    assert left_of(open_shop["lantern-walk"]) == 0
    assert b"Sold out" not in shown.content
    assert b">Pay " in shown.content
    is_back()

    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode())
    assert order_of(customer.post("/checkout/", form | dict(hidden))).state == "paid"
    assert Order.objects.count() == 1


@pytest.mark.usefixtures("open_breakers")
def test_who_pressed_twice_and_was_led_to_the_order_finds_the_way_back_to_its_form(
    customer: Client,
) -> None:
    form = form_values(customer)
    customer.post("/checkout/", form)
    order = Order.objects.get()
    customer.cookies[f"paying-{order.number}"] = signature_of(order)

    assert form["checkout_key"] in customer.get("/checkout/").content.decode()


@pytest.mark.usefixtures("open_breakers")
def test_who_does_not_come_back_leaves_the_stock_to_others_and_is_never_charged(
    customer: Client, open_shop: Shop, bank: Sandbox
) -> None:
    form = form_values(customer)
    customer.post("/checkout/", form)
    settle_stale_payments()
    assert left_of(open_shop["lantern-walk"]) == 237

    PaymentAttempt.objects.update(created_at=F("created_at") - HELD_FOR - timedelta(seconds=1))
    settle_stale_payments()
    assert left_of(open_shop["lantern-walk"]) == 240
    order = Order.objects.get()
    assert order.state == "payment_failed"

    is_back()
    page = customer.get(customer.post("/checkout/", form)["Location"])
    assert b"could not be reached in time. Nothing was charged" in page.content
    assert len(in_cart(customer)) == 3
    assert bank.entries("payment", order.number) == []


@pytest.mark.usefixtures("open_breakers")
def test_another_basket_under_the_same_key_is_refused_with_a_reason(customer: Client) -> None:
    form = form_values(customer)
    customer.post("/checkout/", form)
    is_back()
    answer = customer.post("/checkout/", form | {"name": "Grace Hopper"})

    assert answer.status_code == 409
    assert b"Nothing was ordered" in answer.content


def test_what_another_tab_is_still_paying_goes_before_what_is_held(
    customer: Client, bank: Sandbox
) -> None:
    held, other = form_values(customer), form_values(customer)
    other["payment_method"] = "pm_sandbox_replyLost"
    unknown = customer.post("/checkout/", other)
    until = Now() + timedelta(seconds=30)
    Breaker.objects.update_or_create(name=PROVIDER, defaults={"openings": 1, "open_until": until})
    forget()
    paying = customer.cookies.pop(f"paying-{order_of(unknown).number}")
    assert customer.post("/checkout/", held).status_code == 503
    customer.cookies[paying.key] = paying.value
    is_back()

    answer = customer.post("/checkout/", held)

    assert answer["Location"] == unknown["Location"]
    numbers = Order.objects.values_list("number", flat=True)
    charges = [row for number in numbers for row in bank.entries("payment", number)]
    assert charges == [("charge", 1, 2, 0)]


@pytest.mark.usefixtures("open_breakers")
def test_the_held_orders_page_says_what_is_so(customer: Client) -> None:
    form = form_values(customer)
    customer.post("/checkout/", form)
    order = Order.objects.get()
    page = customer.get(f"/orders/{order.number}/?token={order.link_token}").content

    assert b"Your card is being charged" not in page
    assert b"please go to the checkout again" in page


def test_a_card_that_asks_for_more_is_no_failure_of_the_providers(
    bank: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has such a card could close the checkout for everybody."""
    asks = gateway.Settlement(outcome="unknown", ref="pi_1", reason="requires_action")
    monkeypatch.setattr(gateway, "confirm", lambda **_: asks)
    for _ in range(MIN_CALLS + 1):
        somebody = Client()
        fill_cart(somebody, low_tide=1)
        buy(somebody)

    assert not Breaker.objects.filter(openings__gt=0).exists()


def test_a_provider_that_does_not_answer_is_not_called_in_the_end(
    customer: Client, bank: Sandbox, full_cart: None
) -> None:
    bank.fault("payment", mode="503")
    try:
        answers = [buy(customer).status_code for _ in range(MIN_CALLS + 1)]
    finally:
        bank.fault("payment", mode="ok")

    assert answers == [503] * (MIN_CALLS + 1)
    states = PaymentAttempt.objects.order_by("id").values_list("state", flat=True)
    tried = MIN_CALLS // 3  # three times each
    assert list(states) == ["failed"] * tried + ["held"] * (MIN_CALLS + 1 - tried)
    row = Breaker.objects.get(name=PROVIDER)
    assert (row.message, row.failure_kind) == ("payment provider answered 503: APIError", "unable")


def test_a_declined_card_is_an_answer(customer: Client, full_cart: None) -> None:
    for _ in range(MIN_CALLS + 1):
        answer = buy(customer, payment_method="pm_card_chargeDeclined")

    assert answer.status_code == 402


def test_one_that_says_when_to_come_back_is_not_called_until_then(
    customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limited(**_: object) -> str:
        raise PaymentUnavailable(retry_after=90.0)

    monkeypatch.setattr(gateway, "create", limited)
    assert buy(customer).status_code == 503

    answer = buy(customer)
    assert answer.status_code == 503
    assert 80 < int(answer["Retry-After"]) < 100
