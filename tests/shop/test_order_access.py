"""Who may see an order."""

import pytest
from django.test import Client

from accounts.models import User
from orders.models import Order
from tests.shop.buying import own


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=%C3%BC"])
@pytest.mark.parametrize("part", ["", "steps/"])
def test_an_outsider_is_told_that_there_is_no_such_order(
    paid_order: Order, customer: Client, part: str, query: str
) -> None:
    assert customer.get(f"/orders/{paid_order.number}/{part}{query}").status_code == 404


def test_the_link_lets_in_and_is_kept_in_the_addresses(
    paid_order: Order, customer: Client, link: str
) -> None:
    answer = customer.get(f"/orders/{paid_order.number}/{link}")

    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert f"&amp;token={paid_order.link_token}" in answer.content.decode()


def test_the_session_that_ordered_needs_no_token(paid_order: Order, customer: Client) -> None:
    own(customer, paid_order)
    page = customer.get(f"/orders/{paid_order.number}/").content.decode()

    assert paid_order.link_token not in page
    assert paid_order.number in customer.get("/orders/").content.decode()


@pytest.mark.parametrize("written", ["ada@example.org", "Ada@Example.ORG"])
def test_whoever_has_logged_in_from_its_mailbox_sees_it_in_any_browser(
    paid_order: Order, customer: Client, written: str
) -> None:
    Order.objects.filter(pk=paid_order.pk).update(email=written)
    assert paid_order.number not in customer.get("/orders/").content.decode()
    customer.force_login(User.objects.create_user("ada@example.org"))

    assert paid_order.number in customer.get("/orders/").content.decode()
    assert customer.get(f"/orders/{paid_order.number}/").status_code == 200


@pytest.mark.parametrize(
    ("address", "is_staff"), [("bob@example.org", False), ("ada@example.org", True)]
)
def test_nobody_else_who_has_logged_in_sees_it(
    paid_order: Order, customer: Client, *, address: str, is_staff: bool
) -> None:
    """A password of staff proves no mailbox."""
    Order.objects.filter(pk=paid_order.pk).update(email="ada@example.org")
    customer.force_login(User.objects.create_user(address, is_staff=is_staff))

    assert paid_order.number not in customer.get("/orders/").content.decode()
    assert customer.get(f"/orders/{paid_order.number}/").status_code == 404
