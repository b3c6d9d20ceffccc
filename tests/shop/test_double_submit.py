"""One checkout key, one order, one charge, whatever is clicked."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from orders.drafts import Draft
from orders.models import Order
from shop.checkout import Checkout, check_out
from shop.models import Product
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import buy, fill_cart, form_values, in_cart, left_of, order_of

Shop = dict[str, Product]
pytestmark = pytest.mark.usefixtures("full_cart")


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


def without_its_answer(customer: Client, form: dict[str, Any]) -> Order:
    """Sent and paid for, but the answer, with its cookie, was lost on the way back."""
    send_copy(customer, form)
    return Order.objects.get()


def test_an_address_corrected_after_a_lost_answer_is_no_second_charge(
    customer: Client, bank: Sandbox
) -> None:
    form = form_values(customer)
    order = without_its_answer(customer, form)
    answer = customer.post("/checkout/", form | {"address": "2 Quay Street"}, follow=True)

    assert answer.redirect_chain == [(f"/orders/{order.number}/", 303)]
    assert b"What you have changed since was not ordered" in answer.content
    assert Order.objects.count() == 1
    assert bank.entries("payment", order.number) == [("charge", 1, 0, 0)]
    assert in_cart(customer) == {}


def test_a_mistake_in_the_form_after_a_lost_answer_leads_to_the_order_too(
    customer: Client,
) -> None:
    form = form_values(customer)
    order = without_its_answer(customer, form)

    assert order_of(customer.post("/checkout/", form | {"name": ""})) == order


def test_a_price_changed_after_a_lost_answer_is_no_second_charge(customer: Client) -> None:
    form = form_values(customer)
    order = without_its_answer(customer, form)
    Product.objects.filter(slug="low-tide").update(price_cents=99_900)

    assert order_of(customer.post("/checkout/", form)) == order


def test_a_basket_changed_after_a_lost_answer_is_no_second_charge(customer: Client) -> None:
    form = form_values(customer)
    order = without_its_answer(customer, form)
    fill_cart(customer, harbour_mug=1)

    assert order_of(customer.post("/checkout/", form)) == order


def test_the_last_seats_bought_by_the_lost_form_itself_are_no_problem(customer: Client) -> None:
    form = form_values(customer)
    Product.objects.filter(slug="lantern-walk").update(available=3)
    order = without_its_answer(customer, form)

    assert order_of(customer.post("/checkout/", form)) == order


def test_an_old_form_leads_to_its_order_and_leaves_the_next_cart_alone(customer: Client) -> None:
    form = form_values(customer)
    first = customer.post("/checkout/", form)
    fill_cart(customer, harbour_mug=1)
    answer = customer.post("/checkout/", form)

    assert answer["Location"] == first["Location"]
    assert in_cart(customer) == {"HO-001": 1}


def test_two_forms_of_one_key_at_the_same_moment_are_one_order(
    customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one comes after the look-up."""
    form = form_values(customer)

    def overtaken(*, draft: Draft, method: str) -> Checkout:
        check_out(draft=replace(draft, name="Ada L."), method=method)
        return check_out(draft=draft, method=method)

    monkeypatch.setattr("shop.views.checkout.check_out", overtaken)
    answer = customer.post("/checkout/", form)

    assert order_of(answer) == Order.objects.get()


def test_a_form_that_ordered_nothing_keeps_its_key(customer: Client) -> None:
    """Its twin may still be on its way."""
    form = form_values(customer)
    Product.objects.filter(slug="low-tide").update(price_cents=99_900)
    answer = customer.post("/checkout/", form)

    assert answer.status_code == 409
    assert form["checkout_key"] in answer.content.decode()


def test_a_key_whose_order_failed_is_changed_and_the_next_press_pays(customer: Client) -> None:
    declined = form_values(customer, payment_method="pm_card_chargeDeclined")
    customer.post("/checkout/", declined)
    answer = customer.post("/checkout/", declined | {"address": "2 Quay Street"})
    assert answer.status_code == 409
    assert declined["checkout_key"] not in answer.content.decode()

    assert order_of(buy(customer)).state == "paid"


def test_a_second_tab_does_not_pay_while_the_first_is_unknown(customer: Client) -> None:
    one, two = (form_values(customer) for _ in range(2))
    first = customer.post("/checkout/", one | {"payment_method": "pm_sandbox_replyLost"})
    second = customer.post("/checkout/", two)

    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert order_of(first).state == "payment_unknown"
    assert Order.objects.count() == 1


def test_a_second_tab_pays_once_the_first_has_failed(customer: Client) -> None:
    one, two = (form_values(customer) for _ in range(2))
    customer.post("/checkout/", one | {"payment_method": "pm_sandbox_replyLost"})
    Order.objects.update(state="payment_failed")

    assert order_of(customer.post("/checkout/", two)).state == "paid"


def test_an_old_form_after_the_order_leads_to_nobody_elses_order(customer: Client) -> None:
    form = form_values(customer)
    customer.post("/checkout/", form)
    answer = Client().post("/checkout/", form)

    assert answer["Location"] == "/cart/"


@pytest.fixture
def eve(open_shop: Shop) -> Client:
    """Another browser, which has opened the form too, and knows a key that is not its own."""
    browser = Client()
    fill_cart(browser, point_reyes_6_am=1, lantern_walk=3, low_tide=1)
    browser.get("/checkout/")
    return browser


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_sandbox_replyLost"])
@pytest.mark.parametrize("changes", [{}, {"name": ""}, {"address": "2 Quay Street"}])
def test_who_presents_anothers_key_sees_nothing_of_the_order(
    method: str, changes: dict[str, str], customer: Client, eve: Client
) -> None:
    form = form_values(customer, payment_method=method)
    order = without_its_answer(customer, form)
    answer = eve.post("/checkout/", form | changes)

    assert (answer.status_code, answer.get("Location")) == (409, None)
    for told in (order.number, form["checkout_key"], order.link_token):
        assert told not in answer.content.decode()
    assert eve.get(f"/orders/{order.number}/").status_code == 404
    assert order.number not in eve.get("/orders/").content.decode()
    assert Order.objects.count() == 1


def test_a_key_that_nothing_was_ordered_under_is_answered_alike(
    customer: Client, eve: Client
) -> None:
    used, unused = form_values(customer), form_values(customer)
    without_its_answer(customer, used)

    def told(key: str) -> tuple[int, str]:
        answer = eve.post("/checkout/", used | {"checkout_key": key})
        return answer.status_code, re.sub(r'value="[^"]{30,}"', "", answer.content.decode())

    answers = {told(key) for key in (used["checkout_key"], unused["checkout_key"], "1", "")}
    assert len(answers) == 1


def test_who_presented_anothers_key_orders_with_the_next_press(
    customer: Client, eve: Client
) -> None:
    form = form_values(customer)
    order = without_its_answer(customer, form)
    page = eve.post("/checkout/", form).content.decode()
    [key] = re.findall(r'name="checkout_key" value="([^"]*)"', page)

    assert order_of(eve.post("/checkout/", form | {"checkout_key": key})) != order


def test_the_same_browser_comes_to_its_order_although_no_answer_ever_arrived(
    customer: Client,
) -> None:
    """Nothing came back, so the browser has what it had with the form, and no more."""
    form = form_values(customer)
    order = without_its_answer(customer, form)
    assert f"order-{order.number}" not in customer.cookies

    assert order_of(customer.post("/checkout/", form)) == order
    assert customer.get(f"/orders/{order.number}/").status_code == 200


def test_a_browser_that_names_itself_as_it_likes_has_no_key_of_anothers(
    customer: Client, eve: Client
) -> None:
    form = form_values(customer)
    without_its_answer(customer, form)
    for name in ("", "x", customer.cookies["browser-name"].value[:-1]):
        eve.cookies["browser-name"] = name
        assert eve.post("/checkout/", form).status_code == 409
