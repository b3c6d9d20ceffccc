"""The page of whoever is logged in: their orders, wherever they were placed, with their files."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from orders import services
from orders.models import Order
from orders.payments.provider.settlements import Settlement
from reports.document_keys import receipt_key
from reports.models import Document
from shop import access
from shop.models import Product
from tests.shop.buying import own, placed

Shop = dict[str, Product]
ADDRESS = "ada@example.org"


def bought(stocked: Shop, *slugs: str, email: str = ADDRESS) -> Order:
    order = placed(*((stocked[slug], 1) for slug in slugs))
    Order.objects.filter(pk=order.pk).update(email=email)
    [attempt] = order.payments.all()
    captured = Settlement(outcome="captured", ref="pi_1", card="Visa ending 4242")
    return services.mark_paid(attempt_id=attempt.pk, settlement=captured)


@pytest.fixture
def ada(db: None, customer: Client) -> Client:
    """Logged in, in a browser that has bought nothing."""
    customer.force_login(User.objects.create_user(ADDRESS))
    return customer


def numbers(page: str) -> list[str]:
    return re.findall(r'href="/orders/(H-\d+)/"', page)


def opened(visitor: Client, path: str = "/account/") -> str:
    return visitor.get(path).content.decode()


def test_what_a_guest_ordered_with_the_address_is_there_with_its_files(
    stocked: Shop, ada: Client
) -> None:
    order = bought(stocked, "low-tide", email="Ada@Example.org")
    key = receipt_key(order.reference)
    Document.objects.create(
        key=key, order=order, kind="receipt", title="Receipt", filename="r.pdf", size=1
    )
    page = opened(ada)

    assert numbers(page) == [order.number]
    assert f"/orders/{order.number}/documents/{key}/" in page
    assert f"/orders/{order.number}/downloads/DL-001/" in page


def test_a_cancelled_order_has_no_downloads_at_hand(stocked: Shop, ada: Client) -> None:
    order = bought(stocked, "low-tide")
    Order.objects.filter(pk=order.pk).update(state=Order.State.CANCELLED)

    assert "/downloads/" not in opened(ada)


def test_nobody_elses_order_is_there(stocked: Shop, ada: Client) -> None:
    bought(stocked, "low-tide", email="bob@example.org")

    assert numbers(opened(ada)) == []


def test_pages_of_orders_go_back_to_the_first(
    stocked: Shop, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [bought(stocked, "low-tide").number for _ in range(5)]
    monkeypatch.setattr(access.own_orders, "__kwdefaults__", {"before": "", "most": 2})
    seen, path = [], "/orders/"
    while path:
        page = opened(ada, path)
        seen.append(numbers(page))
        path = next((f"/orders/{one}" for one in re.findall(r'"(\?before=[^"]+)"', page)), "")

    assert seen == [made[:2:-1], made[2:0:-1], made[:1]]


def test_the_number_of_somebody_elses_order_opens_nothing(stocked: Shop, ada: Client) -> None:
    mine = bought(stocked, "low-tide")
    other = bought(stocked, "low-tide", email="bob@example.org")

    assert numbers(opened(ada, f"/orders/?before={other.number}")) == [mine.number]
    for before in ("H-1", "%00", "%ED%A0%80", "x" * 5_000):
        assert ada.get(f"/orders/?before={before}").status_code in {200, 400}


def test_its_statements_do_not_grow_with_the_orders(stocked: Shop, ada: Client) -> None:
    counts = []
    for _ in range(2):
        bought(stocked, "low-tide", "lantern-walk")
        with CaptureQueriesContext(connection) as asked:
            opened(ada)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_staff_see_their_browsers_orders_alone(stocked: Shop, ada: Client) -> None:
    User.objects.update(is_staff=True)
    bought(stocked, "low-tide")
    placed_here = bought(stocked, "low-tide", email="other@example.org")
    own(ada, placed_here)

    assert numbers(opened(ada)) == [placed_here.number]
