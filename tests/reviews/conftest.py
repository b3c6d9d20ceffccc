"""An order that is paid, its customer, and files of each test's own."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from orders.models import Order
from shop.models import Product
from tests.reviews.reviewing import paid_for
from tests.rig.stocking import stock_shop


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def stocked(db: None) -> dict[str, Product]:
    """The forty products, by slug."""
    stock_shop()
    return {product.slug: product for product in Product.objects.all()}


@pytest.fixture
def order(stocked: dict[str, Product]) -> Order:
    """A print and a seat, paid."""
    return paid_for((stocked["slow-swell"], 1), (stocked["lantern-walk"], 1))


@pytest.fixture
def customer() -> Client:
    """A browser of their own."""
    return Client()
