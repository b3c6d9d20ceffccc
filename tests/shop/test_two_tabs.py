"""Two tabs of one browser: each answer was worked out from the cookies of its own request."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from orders.models import Order
from shop.checkout import check_out
from tests.shop.buying import buy, fill_cart, form_values, in_cart, order_of

pytestmark = pytest.mark.usefixtures("full_cart")


@pytest.fixture
def tab(customer: Client) -> Client:
    """Another tab: it has the same cookies, and whatever either is told."""
    found = Client()
    found.cookies = customer.cookies
    return found


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Something happens once, after the cart was read and before the answer is given."""

    def arrange(act: Callable[[], Any]) -> None:
        todo = [act]

        def overtaken(**words: Any) -> Any:
            done = check_out(**words)
            if todo:
                todo.pop()()
            return done

        monkeypatch.setattr("shop.views.checkout.check_out", overtaken)

    return arrange


def test_what_is_put_in_while_another_tab_pays_stays_and_what_was_paid_goes(
    customer: Client, tab: Client, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    meanwhile(lambda: fill_cart(tab, harbour_mug=2))

    customer.get(buy(customer)["Location"])

    assert in_cart(customer) == {"HO-001": 2}


def test_more_of_what_is_just_being_paid_stays(
    customer: Client, tab: Client, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    before = in_cart(customer)
    seats = next(sku for sku, number in before.items() if number == 3)
    meanwhile(lambda: tab.post("/cart/update/", {"sku": seats, "quantity": 5}))

    customer.get(buy(customer)["Location"])

    assert in_cart(customer) == {seats: 2}


def test_two_tabs_that_pay_at_once_both_see_their_orders(
    customer: Client, tab: Client, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    form = form_values(tab)
    meanwhile(lambda: tab.post("/checkout/", form))

    mine = order_of(buy(customer))

    others = Order.objects.exclude(pk=mine.pk)
    for order in (mine, others.get()):
        assert customer.get(f"/orders/{order.number}/").status_code == 200


def test_what_was_paid_leaves_the_cart_once(customer: Client) -> None:
    order = order_of(buy(customer))
    said = customer.cookies[f"paying-{order.number}"].value
    customer.get(f"/orders/{order.number}/")
    fill_cart(customer, lantern_walk=3)
    customer.cookies[f"paying-{order.number}"] = said  # the answer to a second click comes late

    customer.get(f"/orders/{order.number}/")

    assert sum(in_cart(customer).values()) == 3


def test_what_is_put_in_while_a_payment_is_unknown_can_be_bought(customer: Client) -> None:
    buy(customer, payment_method="pm_sandbox_replyLost")
    fill_cart(customer, harbour_mug=1)

    order = order_of(buy(customer))

    assert [line.sku for line in order.lines.all()] == ["HO-001"]


def test_a_changed_quantity_goes_along_to_the_checkout(customer: Client) -> None:
    skus = list(in_cart(customer))
    changed = {"sku": skus, "quantity": ["1", "1", "1"], "then": "checkout"}
    answer = customer.post("/cart/update/", changed)

    assert answer["Location"] == "/checkout/"
    assert in_cart(customer) == dict.fromkeys(skus, 1)


def test_what_is_too_much_holds_up_the_checkout_and_says_so(customer: Client) -> None:
    answer = customer.post("/cart/update/", {"sku": "DL-001", "quantity": 9, "then": "checkout"})

    assert answer["Location"] == "/cart/"
    assert b"At most 1 per order" in customer.get("/cart/").content


@pytest.mark.parametrize("said", ["H-1:x", "", "\u00fc", "x" * 99])
def test_an_order_is_not_ones_own_by_saying_so(customer: Client, said: str) -> None:
    order = order_of(buy(customer))
    guest = Client()
    guest.cookies[f"order-{order.number}"] = guest.cookies[f"paying-{order.number}"] = said

    assert guest.get(f"/orders/{order.number}/").status_code == 404
    assert guest.get("/cart/").status_code == 200


@pytest.mark.parametrize("name", ["cart-%00", "cart-", "order-%00", "paying-%00", "cart-%ff"])
def test_nonsense_in_a_cookie_is_no_error(customer: Client, name: str) -> None:
    customer.cookies[name] = "1"

    assert [customer.get(page).status_code for page in ("/cart/", "/orders/", "/checkout/")] == [
        200,
        200,
        200,
    ]
