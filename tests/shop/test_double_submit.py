"""One checkout key, one order, one charge, whatever is clicked."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from orders.models import Order
from shop.models import Product
from tests.sandbox.running_sandbox import Sandbox
from tests.shop.buying import fill_cart, form_values, left_of, order_of

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


def test_the_same_key_with_another_basket_is_refused(customer: Client) -> None:
    form = form_values(customer)
    customer.post("/checkout/", form)
    fill_cart(customer, harbour_mug=1)
    answer = customer.post("/checkout/", form | {"expected_total": ""})

    assert answer.status_code == 409
    assert b"already used for another basket" in answer.content
    assert Order.objects.count() == 1


def test_an_old_form_after_the_order_leads_to_nobody_elses_order(customer: Client) -> None:
    form = form_values(customer, checkout_key=str(uuid.uuid4()))
    customer.post("/checkout/", form)
    answer = Client().post("/checkout/", form)

    assert answer["Location"] == "/cart/"
