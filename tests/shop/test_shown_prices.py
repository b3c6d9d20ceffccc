"""A price that differs from the one that its page has shown is said, up to the checkout."""

import pytest
from django.test import Client

from shop.models import Product
from shop.shown_prices import MOST_SHOWN

MUG, SKU = "harbour-mug", "HO-001"
Shop = dict[str, Product]


def put_in(customer: Client, sku: str = SKU, **fields: str) -> str:
    form = {"sku": sku, "quantity": "1", "next": "/", **fields}
    return customer.post("/cart/add/", form, follow=True).content.decode()


def test_a_price_that_changes_in_the_cart_is_said_there_and_at_the_checkout(
    stocked: Shop, customer: Client
) -> None:
    put_in(customer)
    assert "when you put it in" not in customer.get("/checkout/").content.decode()
    Product.objects.filter(slug=MUG).update(price_cents=2_450)

    for page in ("/cart/", "/checkout/"):
        said = "It is €24.50 now; it was €19.50 when you put it in."
        assert said in customer.get(page).content.decode()


def test_a_page_that_was_open_while_the_price_changed_is_told_at_once(
    stocked: Shop, customer: Client
) -> None:
    page = put_in(customer, price="1500")

    assert "Harbour mug costs €19.50 now. The page said €15.00." in page
    assert "it was €15.00 when you put it in" in customer.get("/checkout/").content.decode()


@pytest.mark.parametrize("path", ["/", "/products/harbour-mug/"])
def test_each_form_that_puts_into_the_cart_says_its_price(
    stocked: Shop, customer: Client, path: str
) -> None:
    page = customer.get(path).content.decode()

    assert page.count('name="price"') == page.count('action="/cart/add/"')
    assert 'name="price" value="1950"' in page


def test_what_is_put_in_again_is_compared_with_what_was_seen_last(
    stocked: Shop, customer: Client
) -> None:
    put_in(customer, price="1500")
    put_in(customer, price="1950")

    assert "when you put it in" not in customer.get("/cart/").content.decode()


def test_what_leaves_the_cart_leaves_no_price(stocked: Shop, customer: Client) -> None:
    put_in(customer)
    customer.post("/cart/remove/", {"sku": SKU})

    assert customer.cookies[f"shown-{SKU}"].value == ""


@pytest.mark.parametrize("lie", ["-1", "x", "1" * 12, "1.5"])
def test_a_price_that_is_none_is_no_form_of_ours(stocked: Shop, customer: Client, lie: str) -> None:
    assert "Please give a whole number." in put_in(customer, price=lie)


@pytest.mark.parametrize("lie", ["", "-5", "x", "9" * 30])
def test_a_cookie_that_is_no_price_says_nothing(stocked: Shop, customer: Client, lie: str) -> None:
    put_in(customer)
    customer.cookies[f"shown-{SKU}"] = lie

    assert "when you put it in" not in customer.get("/cart/").content.decode()


def test_cookies_stay_few(stocked: Shop, customer: Client) -> None:
    for product in stocked.values():
        put_in(customer, product.sku)

    shown = [name for name in customer.cookies if name.startswith("shown-")]
    assert len(shown) == MOST_SHOWN
