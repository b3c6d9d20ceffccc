"""What a customer reads of money that goes back: on its way, back, or not."""

import re

import pytest
from django.test import Client

from orders.models import Order, Refund
from shop.models import Product
from tests.orders.buying import refund_of, stands
from tests.shop.test_order_page import happens, steps

Shop = dict[str, Product]


@pytest.fixture
def page(paid_order: Order, customer: Client, link: str) -> "Page":
    """The order's page, as its customer opens it."""
    return Page(customer, f"/orders/{paid_order.number}/{link}")


class Page:
    """Read anew each time."""

    def __init__(self, customer: Client, address: str) -> None:
        self.customer, self.address = customer, address

    def text(self) -> str:
        html = self.customer.get(self.address).content.decode()
        return " ".join(re.sub(r"<[^>]+>", " ", html).split())

    def step(self) -> str:
        return steps(self.customer.get(self.address).content.decode())["refund"]


def asked(order: Order, cents: int | None = None) -> Refund:
    """Decided, and taken on by a worker."""
    refund = refund_of(order, cents=cents)
    happens(order, "orders.refund_payment", refund.key)
    return refund


def test_money_on_its_way_is_not_said_to_be_back(paid_order: Order, page: Page) -> None:
    stands(asked(paid_order, 700), "pending")

    assert "€7.00 is on its way back to your card" in page.text()
    assert page.step() == "waiting"
    assert 'hx-trigger="every 15s"' in page.customer.get(page.address).content.decode()


def test_money_that_is_back_is_said_to_be(paid_order: Order, page: Page) -> None:
    for cents in (700, 300):
        stands(asked(paid_order, cents))

    assert "€10.00 went back to your card" in page.text()
    assert page.step() == "done"


def test_money_that_came_back_to_us_is_said_to_be_here(paid_order: Order, page: Page) -> None:
    refund = asked(paid_order)
    stands(refund)
    assert "Your money was given back." in page.text()

    stands(refund, "failed", why="expired or canceled card")
    text = page.text()
    assert "did not reach your card: its bank sent the money back to us" in text
    assert "What you paid has not reached you yet" in text
    assert "Your money was given back." not in text
    assert page.step() == "dead"


def test_money_that_never_left_is_not_said_to_be_on_its_way(paid_order: Order, page: Page) -> None:
    refund = asked(paid_order, 700)
    stands(refund, "pending")
    stands(refund, "failed")

    assert "€7.00 has not gone back to your card yet." in page.text()
    assert "on its way back" not in page.text()


def test_what_was_decided_anew_takes_its_place(paid_order: Order, page: Page) -> None:
    stands(asked(paid_order, 700), "failed")
    stands(asked(paid_order, 700))

    assert (page.step(), "has not gone back" in page.text()) == ("done", False)


def test_money_that_somebody_sent_back_there_is_shown_too(paid_order: Order, page: Page) -> None:
    stands(refund_of(paid_order, cents=700))

    assert "€7.00 went back to your card" in page.text()
