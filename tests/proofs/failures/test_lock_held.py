"""Somebody holds a product's row in a session and says nothing more.

Who buys that product hears within seconds to press again; everybody else notices nothing.

Each test that counts who waits, or who gets it, has products of its own: where somebody has waited
in vain, the web sends the next buyers away unless the row is free at that moment, and the tests run
in any order.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from deferral.models import Job
from orders import services
from orders.models import Order
from shop.turns import AT_ONCE
from tests.proofs.failures.sweep.browser import Browser
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually
from tests.shop.buying import form_values

HOLD = "BEGIN; SELECT 1 FROM shop_product WHERE sku = %s FOR UPDATE"
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
pytestmark = pytest.mark.xdist_group("lock-held")
BUYERS, WEB_PROCESSES = 24, 2


class Forgotten:
    """A psql left open."""

    def __init__(self) -> None:
        self.session = connections.create_connection("default")

    def hold(self, sku: str) -> None:
        with self.session.cursor() as cursor:
            cursor.execute(HOLD.replace("%s", f"'{sku}'"))

    def let_go(self) -> None:
        with self.session.cursor() as cursor:
            cursor.execute("ROLLBACK")


@pytest.fixture(scope="module")
def transactional_db(module_db: None) -> None:
    """For the whole file."""


@pytest.fixture(scope="module")
def shop(shared_shop: RunningShop) -> RunningShop:
    """The web; nobody works on what was bought."""
    shared_shop.serve()
    return shared_shop


@pytest.fixture
def forgotten(shop: RunningShop) -> Iterator[Forgotten]:
    found = Forgotten()
    yield found
    found.session.close()


def at_the_checkout(*skus: str) -> tuple[Browser, dict[str, Any]]:
    """A customer with these in the cart, whose form is filled in."""
    browser = Browser(f"http://127.0.0.1:{os.environ['WEB_PORT']}")
    for sku in skus:
        browser.post("/cart/add/", {"sku": sku, "quantity": 1})
    return browser, form_values(browser)


def waiting() -> int:
    """How many sessions wait for a lock now."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def test_only_its_buyers_are_told_to_press_again_and_others_notice_nothing(
    shop: RunningShop, forgotten: Forgotten
) -> None:
    buyers = [at_the_checkout("HO-001") for _ in range(BUYERS)]
    other, others_form = at_the_checkout("PR-001", "HO-002")
    before = Order.objects.count()
    forgotten.hold("HO-001")

    with ThreadPoolExecutor(BUYERS) as crowd:
        pressed = [crowd.submit(browser.press, form) for browser, form in buyers]
        eventually(lambda: waiting() > 0)
        while_they_wait = [shop.answers(path).status_code for path in ("/", "/readyz")]
        bought = other.press(others_form)
        answers = [answer.result() for answer in pressed]

    assert while_they_wait == [200, 200]
    assert bought.status_code == 303
    assert {answer.status_code for answer in answers} == {503}
    assert all("Please press the button again" in answer.text for answer in answers)
    assert all(0 < int(answer.headers["Retry-After"]) < 10 for answer in answers)
    assert Order.objects.count() == before + 1

    forgotten.let_go()
    again = [browser.press(form).status_code for browser, form in buyers[:3]]
    assert again == [303] * 3


@thorough
def test_few_of_them_wait_in_the_database_at_a_time(
    shop: RunningShop, forgotten: Forgotten
) -> None:
    buyers = [at_the_checkout("HO-003") for _ in range(BUYERS)]
    forgotten.hold("HO-003")
    most = 0

    with ThreadPoolExecutor(BUYERS) as crowd:
        pressed = [crowd.submit(browser.press, form) for browser, form in buyers]
        while not all(answer.done() for answer in pressed):
            most = max(most, waiting())

    assert 0 < most <= AT_ONCE * WEB_PROCESSES


def test_what_was_typed_stays_and_the_cart_too(shop: RunningShop, forgotten: Forgotten) -> None:
    browser, form = at_the_checkout("HO-001", "PR-001")
    forgotten.hold("PR-001")

    answer = browser.press(form)

    assert answer.status_code == 503
    assert form["checkout_key"] in answer.text
    assert all(text in answer.text for text in ("Ada Lovelace", "1 Quay Street", "Harbour mug"))


def test_whoever_holds_one_row_while_another_is_held_lets_it_go_soon(
    shop: RunningShop, forgotten: Forgotten
) -> None:
    """Baskets of both must not close the product that nobody has forgotten."""
    both = [at_the_checkout("HO-004", "PR-002") for _ in range(8)]
    one = [at_the_checkout("HO-004") for _ in range(8)]
    forgotten.hold("PR-002")

    with ThreadPoolExecutor(16) as crowd:
        pressed = [crowd.submit(browser.press, form) for browser, form in both]
        eventually(lambda: waiting() > 0)
        bought = [crowd.submit(browser.press, form) for browser, form in one]
        answers = [answer.result().status_code for answer in pressed]

    assert set(answers) == {503}
    assert [answer.result().status_code for answer in bought] == [303] * 8


@thorough
def test_a_job_that_meets_the_lock_comes_back_and_has_lost_nothing(
    shop: RunningShop, forgotten: Forgotten
) -> None:
    order = shop.order(tickets=1)
    forgotten.hold(order.lines.get(kind="ticket").sku)
    processes = [shop.relay(), shop.worker()]
    services.cancel_order(order_id=order.pk, by="harbour", reason="changed their mind")

    release = Job.objects.filter(task="shop.release_stock", snoozes__gt=0)
    eventually(release.exists, show=shop.logs)
    forgotten.let_go()
    shop.settle(order)

    for process in processes:
        shop.end_one(process)
    job = release.get()
    assert (job.state, job.attempts, job.errors) == ("done", 1, [])
