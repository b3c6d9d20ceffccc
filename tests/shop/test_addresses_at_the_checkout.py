"""Where it goes: asked for with a country, wondered about, never refused."""

import re

import pytest
from django.test import Client

from orders.models import Order
from tests.shop.buying import ADDRESS, buy, form_values, order_of

pytestmark = pytest.mark.usefixtures("full_cart")
BERLIN = {"address": "Pier 7\nc/o Harbour Master", "postcode": "10115", "town": "Berlin"}


def test_an_order_keeps_the_parts_and_what_is_written_of_them(customer: Client) -> None:
    order = order_of(buy(customer, **BERLIN))

    assert order.address == "Pier 7\nc/o Harbour Master\n10115 BERLIN\nGERMANY"
    assert (order.street, order.postcode, order.town) == tuple(BERLIN.values())
    assert (order.country, order.region) == ("DE", "")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("country", "", "Please choose the country that it goes to."),
        ("country", "ZZ", "Please choose the country that it goes to."),
        ("address", "", "Please write the street and the number."),
        ("postcode", "1234", "Postcodes in Germany mostly look another way, such as 26133."),
        ("town", "", "Addresses in Germany mostly have a town."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_which_has_the_focus(
    customer: Client, field: str, value: str, sentence: str
) -> None:
    answer = buy(customer, **{field: value})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert f'<a href="#id_{field}">' in page
    assert page.count(sentence) == 2  # above the form, and at the field
    [focused] = re.findall(r"<(?:input|textarea|select)[^>]*autofocus[^>]*>", page)
    assert f'name="{field}"' in focused
    assert 'aria-invalid="true"' in focused
    assert f"id_{field}_error" in focused
    assert f'id="id_{field}_error"' in page


def test_what_its_country_does_not_know_is_taken_when_it_is_confirmed(customer: Client) -> None:
    odd = {"postcode": "TN 1", "town": ""}
    first = buy(customer, **odd)
    assert b'name="as_written"' in first.content
    assert not Order.objects.exists()

    order = order_of(buy(customer, **odd, as_written="on"))

    assert order.address == "1 Quay Street\nTN 1\nGERMANY"


def test_nobody_is_asked_to_confirm_what_looks_right(customer: Client) -> None:
    assert b"as_written" not in buy(customer, name="").content


def test_a_confirmation_is_kept_while_something_else_is_put_right(customer: Client) -> None:
    page = buy(customer, postcode="1", as_written="on", name="").content.decode()

    [box] = re.findall(r'<input[^>]*name="as_written"[^>]*>', page)
    assert "checked" in box
    assert "Postcodes in Germany" not in page


def test_all_that_is_wrong_is_counted_above_the_form(customer: Client) -> None:
    page = buy(customer, name="", email="ada", country="").content.decode()

    assert "3 things have to be put right first:" in page
    assert re.findall(r'<li><a href="#(\w+)">', page) == ["id_name", "id_email", "id_country"]
    assert "<title>Not yet: Check out" in page


def test_a_form_of_before_the_country_is_asked_for_the_rest(customer: Client) -> None:
    """A page that stood open while the shop was renewed."""
    form = form_values(customer)
    for name in ADDRESS.keys() - {"address"}:
        del form[name]
    answer = customer.post("/checkout/", form)

    assert answer.status_code == 422
    assert b"Please choose the country" in answer.content
