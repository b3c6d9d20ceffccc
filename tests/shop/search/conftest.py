"""A shop that is searched."""

import pytest

from shop.models import Product
from tests.rig.stocking import index_shop


@pytest.fixture
def searched(stocked: dict[str, Product]) -> dict[str, Product]:
    """The forty products, by slug; the search knows them."""
    index_shop()
    return stocked


@pytest.fixture
def open_search(open_shop: dict[str, Product]) -> dict[str, Product]:
    """The same for what commits."""
    index_shop()
    return open_shop
