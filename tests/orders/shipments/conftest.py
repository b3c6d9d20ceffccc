"""An order of which two suppliers have something to carry."""

import pytest

from orders import services
from orders.models import Order
from orders.payments.provider.settlements import Settlement
from shop.models import Product
from shop.seeding import seed_catalogue
from tests.shop.buying import placed

CAPTURED = Settlement(outcome="captured", ref="pi_1", card="Visa ending 4242")


@pytest.fixture
def catalogue(db: None) -> dict[str, Product]:
    """The forty products, by slug."""
    seed_catalogue()
    return {product.slug: product for product in Product.objects.all()}


@pytest.fixture
def order(catalogue: dict[str, Product]) -> Order:
    """Three mugs of the warehouse, a print of the print room, a seat, a download; paid."""
    wanted = {"harbour-mug": 3, "slow-swell": 1, "lantern-walk": 1, "low-tide": 1}
    order = placed(*((catalogue[slug], count) for slug, count in wanted.items()))
    [attempt] = order.payments.all()
    return services.mark_paid(attempt_id=attempt.pk, settlement=CAPTURED)


@pytest.fixture
def mug(catalogue: dict[str, Product]) -> str:
    """Its number."""
    return catalogue["harbour-mug"].sku


@pytest.fixture
def print_(catalogue: dict[str, Product]) -> str:
    """Its number."""
    return catalogue["slow-swell"].sku
