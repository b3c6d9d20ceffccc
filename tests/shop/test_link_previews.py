"""What others show of a link to us."""

import html
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from pytest_django.asserts import assertNumQueries
from pytest_django.fixtures import Settings

from orders.models import Order
from shop.models import Product
from tests.media.made import make
from tests.shop.pictured import added

Shop = dict[str, Product]


@pytest.fixture(autouse=True, params=["with a cache", "without one"])
def _kept(request: pytest.FixtureRequest, transactional_db: None) -> None:
    """A page says the same of itself, whichever way it was made."""
    if request.param == "with a cache":
        request.getfixturevalue("cache")


@pytest.fixture(autouse=True)
def _a_site(settings: Settings, tmp_path: Path) -> None:
    settings.SITE_URL = "https://shop.example"
    settings.MEDIA_ROOT = tmp_path / "media"


def preview(page: str) -> dict[str, str]:
    """Property to content."""
    found = re.findall(
        r'<meta (?:property|name)="((?:og|product|twitter):[^"]+)" content="([^"]*)"', page
    )
    return {name: html.unescape(content) for name, content in found}


def test_a_product_is_shown_with_its_price_and_a_picture_that_everybody_can_read(
    stocked: Shop, customer: Client
) -> None:
    said = preview(customer.get("/products/harbour-mug/").content.decode())
    path = said["og:image"].removeprefix("https://shop.example")
    answer = customer.get(path)

    assert said["og:title"] == "Harbour mug · €19.50"
    assert (said["product:price:amount"], said["product:price:currency"]) == ("19.50", "EUR")
    assert said["og:url"] == "https://shop.example/products/harbour-mug/"
    assert (answer["Content-Type"], said["og:image:type"]) == ("image/png", "image/png")
    assert "immutable" in answer["Cache-Control"]
    assert Image.open(BytesIO(answer.content)).size == (800, 800)


def test_a_product_with_a_photograph_is_shown_by_it(stocked: Shop, customer: Client) -> None:
    make(added(stocked["harbour-mug"]).asset)
    said = preview(customer.get("/products/harbour-mug/").content.decode())

    assert said["og:image:type"] == "image/jpeg"
    assert re.fullmatch(r"https://shop\.example/pictures/\S+\.jpeg", said["og:image"])


def test_what_is_sold_out_is_said_to_be(stocked: Shop, customer: Client) -> None:
    said = preview(customer.get("/products/smokehouse-supper/").content.decode())

    assert said["product:availability"] == "out of stock"


def test_of_an_order_nothing_is_shown_but_the_shop(
    paid_order: Order, customer: Client, link: str
) -> None:
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()
    said = preview(page)

    assert said["og:title"].startswith("Halyard")
    assert "og:url" not in said
    assert paid_order.link_token not in " ".join(said.values())


def test_the_shops_own_picture_is_drawn_for_everybody(customer: Client, db: None) -> None:
    said = preview(customer.get("/cart/").content.decode())
    answer = customer.get(said["og:image"].removeprefix("https://shop.example"))

    assert Image.open(BytesIO(answer.content)).format == "PNG"


def test_a_drawing_that_a_browser_has_costs_no_query(stocked: Shop, customer: Client) -> None:
    said = preview(customer.get("/products/harbour-mug/").content.decode())
    path = said["og:image"].removeprefix("https://shop.example")
    tag = customer.get(path)["ETag"]

    with assertNumQueries(0):
        assert customer.get(path, headers={"if-none-match": tag}).status_code == 304


def test_what_is_not_sold_has_no_preview(stocked: Shop, customer: Client) -> None:
    Product.objects.filter(slug="harbour-mug").update(on_sale=False)

    assert customer.get("/art/harbour-mug.png").status_code == 404
