"""What the form asks for, and what it says when the world has moved on meanwhile."""

import pytest
from django.test import Client
from django.utils import timezone

from orders.drafts import Draft
from orders.models import Order
from shop.checkout import Checkout, check_out
from shop.models import Product, Reservation
from tests.shop.buying import buy, fill_cart, form_values, in_cart, order_of

Shop = dict[str, Product]
pytestmark = pytest.mark.usefixtures("full_cart")


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
    assert b"Lantern Walk: Only 2 seats left" in answer.content
    assert not Reservation.objects.exists()


def test_an_evening_that_began_meanwhile_is_not_sold(customer: Client) -> None:
    form = form_values(customer)
    Product.objects.filter(slug="lantern-walk").update(event_at=timezone.now())
    answer = customer.post("/checkout/", form)

    assert answer.status_code == 409
    assert b"Lantern Walk: This evening is over. Nothing was ordered." in answer.content
    assert not Order.objects.exists()


def test_what_is_sold_in_the_moment_of_ordering_is_named(
    customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the cart was looked at."""

    def overtaken(*, draft: Draft, method: str) -> Checkout:
        Product.objects.filter(slug="lantern-walk").update(available=2)
        return check_out(draft=draft, method=method)

    monkeypatch.setattr("shop.views.checkout.check_out", overtaken)
    answer = buy(customer)

    assert answer.status_code == 409
    assert b"Only 2 of Lantern Walk left" in answer.content
    assert not Reservation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Ada\nBcc: everybody@example.org"),
        ("name", "a" * 201),
        ("name", "nul\0"),
        ("name", "Ida \u202egnp.exe"),
        ("name", "Ada\u2028Lovelace"),
        ("name", "\u3164\u200b"),
        ("email", "ada@example\u200f.com"),
        ("email", "j\u00f6rg@example.org"),
        ("email", "ada"),
        ("email", "a" * 64 + "@" + ".".join(["b" * 60] * 4) + ".de"),
        ("address", ""),
        ("address", "\x1b[31m1 Quay"),
        ("payment_method", "4242424242424242"),
    ],
)
def test_a_form_with_a_mistake_comes_back_as_it_was(
    customer: Client, field: str, value: str
) -> None:
    answer = buy(customer, **{field: value})

    assert answer.status_code == 422
    assert not Order.objects.exists()
    assert len(in_cart(customer)) == 3


def test_an_address_is_asked_for_only_where_something_is_shipped(open_shop: Shop) -> None:
    guest = Client()
    fill_cart(guest, low_tide=1)

    assert b'name="address"' not in guest.get("/checkout/").content
    assert order_of(buy(guest)).address == ""


def test_a_name_and_an_address_are_kept_as_they_are_found_and_sent(customer: Client) -> None:
    order = order_of(buy(customer, name="Jo\u0308rg Mu\u0308ller", email="j@stra\u00dfe.example"))

    assert order.name == "J\u00f6rg M\u00fcller"
    assert order.email == "j@xn--strae-oqa.example"
    assert order.mailbox == "j@stra\u00dfe.example"
