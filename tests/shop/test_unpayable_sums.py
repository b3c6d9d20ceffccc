"""Sums that no card can be charged with: refused where they are typed, and never as passing."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django.fixtures import Settings

from orders.errors import NotPayable
from orders.health import check_payments
from orders.models import Order, PaymentAttempt
from orders.payments.provider import gateway
from shop.checkout import place
from shop.errors import TooMany
from shop.models import MOST_IN_STOCK, Product
from shop.stock import restock
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import a_draft, buy, fill_cart, form_values, left_of
from tests.shop.test_restocking import fields

Shop = dict[str, Product]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("price", "2147483.64", "One payment is at most 999,999.99 euros."),
        ("price", "1000000", "One payment is at most 999,999.99 euros."),
        ("price", "-1", "Write a price in euros"),
        ("price", "99999999999999999999", "One payment is at most"),
        ("tax_basis_points", "10001", "10001 is not one of the available choices"),
        ("tax_basis_points", "-1", "-1 is not one of the available choices"),
        ("position", "2147483648", "less than or equal to 2147483647"),
        ("art_seed", "2147483648", "less than or equal to 2147483647"),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_the_form(
    staff: Client, stocked: Shop, field: str, typed: str, said: str
) -> None:
    product = stocked["lantern-walk"]
    page = f"/admin/shop/product/{product.pk}/change/"
    answer = staff.post(page, fields(staff.get(page).content.decode()) | {field: typed})

    assert answer.status_code == 200
    assert said in answer.content.decode()
    column = "price_cents" if field == "price" else field
    assert getattr(Product.objects.get(pk=product.pk), column) == getattr(product, column)


@pytest.mark.parametrize("available", [-1, MOST_IN_STOCK + 1, 2_147_483_647, 2**40])
def test_a_new_product_has_a_stock_that_can_be(stocked: Shop, available: int) -> None:
    product = stocked["lantern-walk"]
    product.available = available

    with pytest.raises(ValidationError) as refusal:
        product.full_clean()
    assert "available" in refusal.value.message_dict


def test_a_free_product_and_a_dear_one_are_taken(stocked: Shop) -> None:
    for cents in (0, 1, 99_999_999):
        stocked["lantern-walk"].price_cents = cents
        stocked["lantern-walk"].full_clean()


def test_counting_in_stops_before_the_database_does(stocked: Shop) -> None:
    product = stocked["lantern-walk"]
    restock(product_id=product.pk, pieces=MOST_IN_STOCK - 240)
    with pytest.raises(TooMany):
        restock(product_id=product.pk, pieces=1)

    assert left_of(product) == MOST_IN_STOCK


@pytest.mark.parametrize(
    ("cents", "quantity", "said"),
    [
        (60_000_000, 2, "One payment is at most €999,999.99. Please take less of something."),
        (99_999_999, 200, "One payment is at most €999,999.99."),
        (1, 1, "A card cannot be charged with less than €0.50. Please add more."),
        (7, 7, "A card cannot be charged with less than €0.50."),
    ],
)
def test_a_cart_that_no_card_can_pay_says_so(
    open_shop: Shop, customer: Client, cents: int, quantity: int, said: str
) -> None:
    Product.objects.filter(slug="lantern-walk").update(price_cents=cents)
    fill_cart(customer, lantern_walk=quantity)

    page = customer.get("/cart/").content.decode()

    assert said in page
    assert "Check out" not in page
    assert customer.get("/checkout/")["Location"] == "/cart/"
    assert not Order.objects.exists()


@pytest.mark.usefixtures("bank")
def test_a_form_sent_for_such_a_cart_orders_nothing(open_shop: Shop, customer: Client) -> None:
    fill_cart(customer, lantern_walk=1)
    form = form_values(customer)
    Product.objects.filter(slug="lantern-walk").update(price_cents=49)

    answer = customer.post("/checkout/", form | {"expected_total": "49"})

    assert answer.status_code == 409
    assert "less than €0.50. Please add more. Nothing was ordered." in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("cents", [0, 49, 100_000_000])
def test_an_order_that_no_card_can_pay_is_not_recorded_whoever_places_it(
    stocked: Shop, cents: int
) -> None:
    stocked["lantern-walk"].price_cents = cents
    with pytest.raises(NotPayable):
        place(a_draft(stocked["lantern-walk"]))

    assert not Order.objects.exists()


@pytest.mark.parametrize(("cents", "quantity"), [(50, 1), (99_999_999, 1), (25, 2)])
def test_the_least_and_the_most_are_paid(
    open_shop: Shop, customer: Client, bank: Sandbox, cents: int, quantity: int
) -> None:
    Product.objects.filter(slug="lantern-walk").update(price_cents=cents)
    fill_cart(customer, lantern_walk=quantity)
    buy(customer)

    assert Order.objects.get().state == "paid"


@pytest.fixture
def refused(full_cart: None, customer: Client, settings: Settings) -> Any:
    """What a customer is told while the provider does not know our key."""
    settings.PAYMENT_SECRET_KEY = "sk_test_revoked"
    gateway.client.cache_clear()
    answer = buy(customer)
    gateway.client.cache_clear()
    return answer


def test_a_refusal_for_good_is_not_called_passing(refused: Any, open_shop: Shop) -> None:
    page = refused.content.decode()

    assert (refused.status_code, "Retry-After" in refused) == (502, False)
    assert "the fault is ours, not your card" in page
    assert "at the moment" not in page
    assert left_of(open_shop["lantern-walk"]) == 240
    assert PaymentAttempt.objects.get().state == "failed"


def test_staff_are_told_of_a_refusal_for_good(refused: Any, staff: Client) -> None:
    [finding] = check_payments()

    assert (finding.well, finding.detail[:15]) == (False, "1 refused for g")
    warning = "The payment provider has refused 1 payment of the last hour for good."
    assert warning in staff.get("/admin/").content.decode()


def test_while_nobody_is_refused_the_doctor_is_content(db: None) -> None:
    assert [finding.well for finding in check_payments()] == [True]


def test_the_page_of_a_refused_order_says_once_that_nothing_was_charged(refused: Any) -> None:
    order = Order.objects.get()
    page = Client().get(f"/orders/{order.number}/?token={order.link_token}").content.decode()

    note = re.search(r'data-step="payment".*?class="quiet">(.*?)</p>', page, re.DOTALL)
    assert note is not None
    assert note[1].count("Nothing was charged") == 1
