"""The end of the order's page: what is in which parcel, where it is, how it is followed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from orders.models import Consignment, Order, Shipment
from orders.shipments.correcting import see_to_shipment
from shop.progress import order_progress
from tests.orders.shipments.telling import FOLLOW, said, told

pytestmark = pytest.mark.django_db
PRINT = "print_room"


@pytest.fixture
def address(paid_order: Order, link: str) -> str:
    return f"/orders/{paid_order.number}/{link}"


def tell(order: Order, state: str, **more: object) -> None:
    told(said(order, state, {order.lines.get(kind="print").sku: 1}, **more), PRINT)


def delivery(page: str) -> str:
    """Its section, as words."""
    found = re.search(r'<section class="panel delivery".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def test_of_an_order_that_nobody_has_taken_on_nothing_is_said(
    customer: Client, address: str
) -> None:
    assert "Delivery" not in customer.get(address).content.decode()


def test_before_anything_is_packed_it_says_what_to_expect(
    customer: Client, address: str, paid_order: Order
) -> None:
    due = datetime.now(UTC) + timedelta(hours=1)
    Consignment.objects.create(order=paid_order, supplier=PRINT, ask_at=due)
    words = delivery(customer.get(address).content.decode())

    assert "We will say here when your goods are packed" in words
    assert "1 \N{MULTIPLICATION SIGN} Slow Swell" in words
    assert "Lantern Walk" not in words


def test_a_parcel_on_its_way_is_followed_from_the_page(
    customer: Client, address: str, paid_order: Order
) -> None:
    tell(paid_order, "on_its_way", carrier="<Post>", tracking_number="7", tracking_url=FOLLOW)
    page = customer.get(address).content.decode()

    assert f'<a href="{FOLLOW}" rel="noopener noreferrer">' in page
    assert "On its way" in delivery(page)
    assert "<Post>" not in page


@pytest.mark.parametrize("odd", ["javascript:alert(1)", "https://a@b.example/", "\x00"])
def test_an_address_that_is_none_is_on_no_page(
    customer: Client, address: str, paid_order: Order, odd: str
) -> None:
    tell(paid_order, "on_its_way", tracking_url=odd)

    assert "Follow the parcel" not in customer.get(address).content.decode()


def test_the_page_looks_again_while_news_are_to_be_expected_and_no_longer(
    customer: Client, address: str, paid_order: Order
) -> None:
    tell(paid_order, "packed")
    before = order_progress(paid_order)
    tell(paid_order, "on_its_way")
    after = order_progress(paid_order)

    assert before.version != after.version
    assert after.is_watched
    tell(paid_order, "delivered")
    assert not order_progress(paid_order).parcels.awaited


@pytest.mark.parametrize("state", ["refused", "lost", "returned"])
def test_bad_news_say_that_it_will_be_seen_to(
    customer: Client, address: str, paid_order: Order, state: str
) -> None:
    tell(paid_order, state)

    page = customer.get(address).content.decode()
    assert "we have been told, and will see to it" in delivery(page)
    assert order_progress(paid_order).is_watched


def test_what_is_more_than_was_ordered_is_not_shown(
    customer: Client, address: str, paid_order: Order
) -> None:
    tell(paid_order, "on_its_way", shipment="P-1")
    tell(paid_order, "packed", shipment="P-2")

    assert len(order_progress(paid_order).parcels.parcels) == 1


@pytest.mark.parametrize("state", ["refused", "lost", "returned"])
def test_what_one_of_us_has_seen_to_is_not_promised_any_more(
    customer: Client, address: str, paid_order: Order, state: str
) -> None:
    tell(paid_order, state)
    see_to_shipment(shipment_id=Shipment.objects.get().pk, by="harbour", reason="called")

    assert "will see to it" not in delivery(customer.get(address).content.decode())
    assert not order_progress(paid_order).parcels.awaited
