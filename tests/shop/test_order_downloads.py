"""Who gets a download, and when."""

import io
import re
import zipfile

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from orders import services
from orders.models import Order
from orders.payments.provider.settlements import Settlement
from shop.models import Product
from tests.shop.buying import own, placed

Shop = dict[str, Product]


def paid(order: Order) -> Order:
    [attempt] = order.payments.all()
    captured = Settlement(outcome="captured", ref="pi_1", card="Visa ending 4242")
    return services.mark_paid(attempt_id=attempt.pk, settlement=captured)


@pytest.fixture
def bought(stocked: Shop) -> Order:
    """Two downloads and a seat, paid."""
    wanted = ("low-tide", "the-tide-cook", "lantern-walk")
    return paid(placed(*((stocked[slug], 1) for slug in wanted)))


def address(order: Order, sku: str = "DL-001", token: str | None = None) -> str:
    token = order.link_token if token is None else token
    return f"/orders/{order.number}/downloads/{sku}/?token={token}"


def test_the_link_gives_the_file_to_be_kept(bought: Order, customer: Client) -> None:
    answer = customer.get(address(bought))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"] == 'attachment; filename="Halyard-low-tide.zip"'
    assert int(answer["Content-Length"]) == len(answer.content)
    assert "low-tide/sample.wav" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_it_stays_in_no_cache_and_its_address_is_told_to_nobody(
    bought: Order, customer: Client
) -> None:
    answer = customer.get(address(bought))

    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_session_that_ordered_needs_no_token(bought: Order, customer: Client) -> None:
    own(customer, bought)

    assert customer.get(address(bought, token="")).status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "%C3%BC"])
def test_nobody_else_hears_that_it_exists(bought: Order, customer: Client, token: str) -> None:
    assert customer.get(address(bought, token=token)).status_code == 404


def test_the_link_of_another_order_does_not_open_it(
    bought: Order, stocked: Shop, customer: Client
) -> None:
    other = paid(placed((stocked["low-tide"], 1)))

    assert customer.get(address(bought, token=other.link_token)).status_code == 404


@pytest.mark.parametrize("sku", ["DL-003", "TI-001", "DL-001/x"])
def test_what_was_not_bought_to_download_is_not_there(
    bought: Order, customer: Client, sku: str
) -> None:
    answer = customer.get(address(bought, sku))

    assert answer.status_code == 404
    assert "There is nothing to download" not in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("awaiting_payment", "is not paid yet"),
        ("payment_unknown", "is not paid yet"),
        ("payment_failed", "was never paid"),
        ("cancelled", "was cancelled"),
        ("refunded", "was given back"),
    ],
)
def test_an_order_that_is_not_paid_says_so_and_gives_nothing(
    bought: Order, customer: Client, state: str, words: str
) -> None:
    Order.objects.filter(pk=bought.pk).update(state=state)
    answer = customer.get(address(bought))
    page = customer.get(f"/orders/{bought.number}/?token={bought.link_token}").content.decode()

    assert (answer.status_code, answer["Content-Type"][:9]) == (404, "text/html")
    assert words in answer.content.decode()
    assert f'href="/orders/{bought.number}/?token={bought.link_token}"' in answer.content.decode()
    assert "/downloads/" not in page


def test_four_queries_however_much_was_bought(
    stocked: Shop, customer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    everything = paid(placed(*((product, 1) for product in stocked.values() if product.most)))

    with django_assert_num_queries(4):
        assert customer.get(address(everything)).status_code == 200


def test_the_order_page_links_every_download_and_nothing_else(
    bought: Order, customer: Client
) -> None:
    page = customer.get(f"/orders/{bought.number}/?token={bought.link_token}").content.decode()
    links = re.findall(r'href="(/orders/[^"]+/downloads/[^"]+)"', page)

    assert links == [address(bought, "DL-001"), address(bought, "DL-002")]
    assert all(customer.get(link).status_code == 200 for link in links)


def test_a_page_that_waited_for_the_payment_gets_its_downloads_with_the_news(
    stocked: Shop, customer: Client
) -> None:
    order = placed((stocked["low-tide"], 1))
    live = f"/orders/{order.number}/steps/?token={order.link_token}"
    first = customer.get(live).content.decode()
    [before] = re.findall(r"/steps/\?v=(\w+)", first)
    paid(order)

    assert "/downloads/" not in first
    assert address(order) in customer.get(f"{live}&v={before}").content.decode()
