"""Whoever comes back with another order than is set aside for them is not sent away for it."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from deferral.external.breakers import forget
from deferral.models import Breaker
from orders.models import Order, PaymentAttempt
from orders.payments import beginning
from orders.payments.provider.gateway import PROVIDER
from shop.access import signature_of
from shop.models import Product
from shop.set_aside import give_up
from shop.views.repeating import CHANGED_TOO_LATE
from tests.rig.running_sandbox import Sandbox
from tests.shop.before_countries import WHOLE, recorded_whole, with_one_field
from tests.shop.buying import ADDRESS, form_values, left_of, order_of
from tests.shop.test_double_submit import without_its_answer

Shop = dict[str, Product]
pytestmark = pytest.mark.usefixtures("full_cart")


@pytest.fixture
def open_breakers(full_cart: None) -> None:
    """The provider is not called."""
    until = Now() + timedelta(minutes=5)
    Breaker.objects.create(name=PROVIDER, openings=1, open_until=until)


def is_back() -> None:
    """It is again, and every process knows it."""
    Breaker.objects.update(openings=0, open_until=None)
    forget()


def shown_again(form: dict[str, Any], page: bytes) -> dict[str, Any]:
    """The form as its page has it now."""
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.decode()))
    return form | {name: hidden[name] for name in ("checkout_key", "expected_total")}


@pytest.mark.usefixtures("open_breakers")
@pytest.mark.parametrize("change", [{"name": "Grace Hopper"}, {"town": "Rostock"}])
def test_who_has_changed_something_orders_that_with_the_next_press(
    customer: Client, open_shop: Shop, bank: Sandbox, change: dict[str, str]
) -> None:
    form = form_values(customer)
    customer.post("/checkout/", form)
    [held] = Order.objects.all()
    is_back()
    refused = customer.post("/checkout/", form | change)
    assert refused.status_code == 409
    assert b"Nothing was ordered yet: please look at it once more" in refused.content

    order = order_of(customer.post("/checkout/", shown_again(form | change, refused.content)))

    assert (order.state, order != held) == ("paid", True)
    assert bank.entries("payment", order.number) == [("charge", 1, 0, 0)]
    held.refresh_from_db()
    assert (held.state, bank.entries("payment", held.number)) == ("payment_failed", [])
    assert left_of(open_shop["lantern-walk"]) == 237


@pytest.mark.usefixtures("open_breakers")
def test_the_last_seats_are_there_for_what_was_changed(customer: Client, open_shop: Shop) -> None:
    Product.objects.filter(pk=open_shop["lantern-walk"].pk).update(available=3)
    form = form_values(customer)
    customer.post("/checkout/", form)
    is_back()
    changed = form | {"name": "Grace Hopper"}
    refused = customer.post("/checkout/", changed)

    assert order_of(customer.post("/checkout/", shown_again(changed, refused.content))).name
    assert left_of(open_shop["lantern-walk"]) == 0


@pytest.mark.usefixtures("open_breakers")
def test_pressed_twice_the_changed_form_orders_nothing(customer: Client, bank: Sandbox) -> None:
    """Else the answer that comes last would show a form whose order the first has made."""
    form = form_values(customer)
    customer.post("/checkout/", form)
    is_back()
    changed = form | {"name": "Grace Hopper"}

    assert [customer.post("/checkout/", changed).status_code for _ in range(2)] == [409, 409]
    assert Order.objects.count() == 1


@pytest.mark.usefixtures("open_breakers")
def test_what_is_being_paid_is_not_given_up(customer: Client) -> None:
    customer.post("/checkout/", form_values(customer))
    attempt = PaymentAttempt.objects.get()
    key = attempt.order.checkout_key
    assert beginning.take_up(attempt_id=attempt.pk)

    assert not give_up(checkout_key=key)
    assert Order.objects.get().state == "awaiting_payment"


@pytest.mark.usefixtures("open_breakers")
def test_what_was_held_before_an_address_had_parts_is_ordered_with_them(
    customer: Client, bank: Sandbox
) -> None:
    customer.post("/checkout/", form_values(customer))
    [held] = Order.objects.all()
    recorded_whole(held)
    customer.cookies[f"paying-{held.number}"] = signature_of(held)
    is_back()
    assert WHOLE in html.unescape(customer.get("/checkout/").content.decode())
    form = form_values(customer) | ADDRESS
    refused = customer.post("/checkout/", form)

    order = order_of(customer.post("/checkout/", shown_again(form, refused.content)))

    assert order.address == "1 Quay Street\n18119 WARNEMÜNDE\nGERMANY"
    assert bank.entries("payment", held.number) == []


@pytest.mark.parametrize(
    ("changes", "is_told"), [({}, False), ({"address": "2 Quay Street"}, True), (ADDRESS, False)]
)
def test_a_form_from_before_says_nothing_of_changes_that_there_are_none(
    customer: Client, changes: dict[str, str], *, is_told: bool
) -> None:
    form = form_values(customer)
    recorded_whole(without_its_answer(customer, form))
    answer = customer.post("/checkout/", with_one_field(form) | changes)

    page = customer.get(answer["Location"]).content.decode()
    assert (CHANGED_TOO_LATE in html.unescape(page)) == is_told
