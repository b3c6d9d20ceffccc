"""A stocked shop, its customers, and a real sandbox as bank and suppliers."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from deferral.handlers import JobSpec
from deferral.models import Job
from orders import services
from orders.models import Order
from orders.payments.provider import gateway
from shop.models import Product
from tests.rig.jobs import run_as_a_worker
from tests.rig.running_sandbox import PAYMENT_KEY, Sandbox, running_sandbox
from tests.rig.stocking import stock_shop
from tests.shop.buying import fill_cart, placed


@pytest.fixture(scope="session")
def sandbox_process(
    starts_processes: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    """One sandbox for the whole run."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def bank(sandbox_process: Sandbox, settings: Settings) -> Iterator[Sandbox]:
    """The external services, where the shop looks for them."""
    settings.PAYMENT_API_BASE = f"{sandbox_process.url}/payment"
    settings.PAYMENT_SECRET_KEY = PAYMENT_KEY
    settings.PAYMENT_TEST_METHODS = True
    settings.PAYMENT_BANK_ORIGIN = sandbox_process.url
    settings.PRINT_ROOM_URL = f"{sandbox_process.url}/print-room"
    settings.WAREHOUSE_URL = f"{sandbox_process.url}/warehouse"
    settings.BOX_OFFICE_URL = f"{sandbox_process.url}/box-office"
    gateway.client.cache_clear()
    yield sandbox_process
    gateway.client.cache_clear()


@pytest.fixture
def stocked(db: None) -> dict[str, Product]:
    """The forty products, by slug."""
    stock_shop()
    return {product.slug: product for product in Product.objects.all()}


@pytest.fixture
def open_shop(transactional_db: None) -> dict[str, Product]:
    """The same for what commits: checkouts give their connection back while the card is charged."""
    stock_shop()
    return {product.slug: product for product in Product.objects.all()}


@pytest.fixture
def customer() -> Client:
    """A browser of their own."""
    return Client()


@pytest.fixture
def staff(db: None) -> Client:
    """Staff, logged in."""
    client = Client()
    staff = User.objects.create_superuser("staff@example.org")
    client.force_login(staff, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def full_cart(open_shop: dict[str, Product], bank: Sandbox, customer: Client) -> None:
    """A print, three seats and a download, about to be paid for."""
    fill_cart(customer, point_reyes_6_am=1, lantern_walk=3, low_tide=1)


@pytest.fixture
def paid_order(stocked: dict[str, Product]) -> Order:
    """A print and a seat, paid; the relay has not been by."""
    order = placed((stocked["slow-swell"], 1), (stocked["lantern-walk"], 1))
    [attempt] = order.payments.all()
    captured = gateway.Settlement(outcome="captured", ref="pi_1", card="Visa ending 4242")
    return services.mark_paid(attempt_id=attempt.pk, settlement=captured)


@pytest.fixture
def link(paid_order: Order) -> str:
    """The guest's way in."""
    return f"?token={paid_order.link_token}"


Run = Callable[[JobSpec], Job]


@pytest.fixture
def run() -> Run:
    """Write a job's row and run it as a worker does; the row, as it is afterwards."""

    return run_as_a_worker
