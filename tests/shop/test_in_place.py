"""The cart changes on the page where "+" was pressed; without the script, as ever."""

import re

import pytest
from django.test import Client

from shop.models import Product
from tests.shop.buying import in_cart

Shop = dict[str, Product]
SCRIPT = {"X-In-Place": "1"}


def press(customer: Client, sku: str = "HO-001", quantity: str = "1") -> str:
    """What the script is answered."""
    answer = customer.post("/cart/add/", {"sku": sku, "quantity": quantity}, headers=SCRIPT)
    assert answer.status_code == 200
    return answer.content.decode()


def said(page: str) -> tuple[str, str]:
    """How it is coloured, and what is read out."""
    news = r'<div role="status" id="news"[^>]*><p class="note note-(\w+)">(.*?)</p>'
    [(tone, words)] = re.findall(news, page)
    return tone, words


def count(page: str) -> str:
    """What the page's head says."""
    [number] = re.findall(r'id="cart-link".*?class="badge">(\d+)<', page)
    return str(number)


def test_what_is_put_in_is_counted_and_read_out_and_no_page_is_made(
    stocked: Shop, customer: Client
) -> None:
    answer = press(customer)

    assert count(answer) == "1"
    assert said(answer) == ("success", "Harbour mug is in your cart.")
    assert "<html" not in answer
    assert "cart.<" not in customer.get("/").content.decode()  # it is said once


def test_two_presses_are_two_pieces_and_say_so(stocked: Shop, customer: Client) -> None:
    press(customer)
    again = press(customer)

    assert (count(again), said(again)[1]) == ("2", "Harbour mug is in your cart, 2 of it.")
    assert in_cart(customer) == {"HO-001": 2}


def test_two_requests_of_one_moment_are_one_piece(stocked: Shop, customer: Client) -> None:
    """Both have the cookies of before."""
    twin = Client()
    press(customer)
    press(twin)

    assert in_cart(customer) == in_cart(twin) == {"HO-001": 1}


def test_what_has_sold_out_meanwhile_is_said(stocked: Shop, customer: Client) -> None:
    Product.objects.filter(sku="HO-001").update(available=0)

    assert said(press(customer)) == ("error", "Harbour mug: Sold out.")
    assert in_cart(customer) == {}


def test_what_is_no_longer_sold_is_said(stocked: Shop, customer: Client) -> None:
    Product.objects.filter(sku="HO-001").update(on_sale=False)
    answer = press(customer)

    assert said(answer)[1].startswith("That is no longer sold.")
    assert count(answer) == "0"


def test_the_last_one_is_not_put_in_twice(stocked: Shop, customer: Client) -> None:
    press(customer, "DL-001")

    assert said(press(customer, "DL-001"))[0] == "warning"
    assert in_cart(customer) == {"DL-001": 1}


@pytest.mark.parametrize("quantity", ["", "many", "-1"])
def test_nonsense_is_refused_in_place(stocked: Shop, customer: Client, quantity: str) -> None:
    assert said(press(customer, quantity=quantity)) == ("error", "Please give a whole number.")


def test_a_press_without_a_token_changes_nothing(stocked: Shop) -> None:
    careful = Client(enforce_csrf_checks=True)
    answer = careful.post("/cart/add/", {"sku": "HO-001", "quantity": 1}, headers=SCRIPT)

    assert answer.status_code == 403


def test_without_the_script_the_same_form_leads_back_and_says_the_same(
    stocked: Shop, customer: Client
) -> None:
    item = {"sku": "HO-001", "quantity": 1, "next": "/?category=home"}
    page = customer.post("/cart/add/", item, follow=True)

    assert page.redirect_chain == [("/?category=home", 302)]
    assert b"Harbour mug is in your cart." in page.content
