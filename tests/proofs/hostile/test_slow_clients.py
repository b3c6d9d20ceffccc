"""Whoever sends or takes slowly takes nothing from anybody: the shop as `make up` runs it."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests
from django.core.management import call_command

from orders.models import Order
from tests.bench.customers import ADDRESS, HIDDEN
from tests.proofs.hostile.slow_clients import KINDS
from tests.rig.depth import THOROUGH
from tests.rig.processes import Processes
from tests.rig.running_sandbox import Sandbox
from tests.rig.servers import database_url, scratch_folder
from tests.rig.surroundings import ROOT
from tests.rig.waiting import eventually

pytestmark = pytest.mark.xdist_group("slow-clients")
# More than there are threads: gunicorn's own threads were all taken by 127.
MANY = 500 if THOROUGH else 160


@pytest.fixture(scope="module")
def transactional_db(module_db: None) -> None:
    """For the whole file."""


@pytest.fixture(scope="module")
def web(transactional_db: None, sandbox_process: Sandbox) -> Iterator[Processes]:
    """The web alone: what it does for the customer needs no worker."""
    call_command("seed", verbosity=0)
    found = Processes(scratch=scratch_folder(), env={"DATABASE_URL": database_url()})
    found.web()
    yield found
    found.end()


@pytest.fixture
def shop(web: Processes) -> Processes:
    """The same; where a test has stopped it, it is started again."""
    web.start_again()
    web.wait_until_served()
    return web


@pytest.fixture
def address(shop: Processes) -> str:
    """Where it listens."""
    return shop.address


@contextmanager
def slow_clients(address: str, kind: str, count: int) -> Iterator[None]:
    """A crowd in a process of its own, so that it does not slow the customers of the test."""
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "tests.proofs.hostile.slow_clients", port, kind, str(count)]
    crowd = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)  # noqa: S603  ours
    assert crowd.stdin
    assert crowd.stdout
    with crowd:
        assert crowd.stdout.readline() == b"ready\n"
        yield
        crowd.stdin.close()


def buy(address: str, method: str = "pm_card_visa") -> str:
    """As a browser without JavaScript does; returns where it led."""
    browser = requests.Session()
    browser.headers["Referer"] = address
    page = browser.get(f"{address}/products/harbour-mug/", timeout=20).text
    browser.post(f"{address}/cart/add/", dict(HIDDEN.findall(page)) | {"quantity": "1"}, timeout=20)
    form = dict(HIDDEN.findall(browser.get(f"{address}/checkout/", timeout=20).text))
    paid = browser.post(
        f"{address}/checkout/",
        form | ADDRESS | {"payment_method": method},
        timeout=20,
        allow_redirects=False,
    )
    return paid.headers.get("Location", f"{paid.status_code} {paid.text[:500]}")


@pytest.mark.parametrize("kind", KINDS)
def test_a_crowd_of_slow_clients_is_noticed_by_nobody(
    shop: Processes, address: str, kind: str
) -> None:
    with slow_clients(address, kind, MANY):
        assert [shop.answers("/").status_code for _ in range(20)] == [200] * 20
        assert buy(address).startswith("/orders/H-")
        assert shop.answers("/readyz").status_code == 200


def test_a_stop_waits_for_a_purchase_and_for_nobody_who_is_slow(
    shop: Processes, address: str
) -> None:
    web, before = shop.named("web"), Order.objects.count()
    with slow_clients(address, "headers", 20), ThreadPoolExecutor() as pool:
        bought = pool.submit(buy, address, "pm_sandbox_slowBank")
        eventually(lambda: bought.done() or Order.objects.count() > before)
        web.terminate()

        assert bought.result().startswith("/orders/H-")
        assert web.wait(timeout=20) == 0
