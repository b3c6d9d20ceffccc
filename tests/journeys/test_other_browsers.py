"""Without JavaScript, and on a phone."""

from collections.abc import Iterator

import pytest

from tests.journeys.album import PHONE, Album
from tests.journeys.conftest import Open
from tests.journeys.inspection import wanted_width
from tests.journeys.people import Customer
from tests.rig.depth import thorough
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.xdist_group("journeys")


def test_without_javascript_the_order_is_paid_and_its_page_finishes_all_the_same(
    new_context: Open, sandbox: Sandbox, album: Album
) -> None:
    customer = Customer(new_context(java_script_enabled=False).new_page())
    sandbox.fault("mail", mode="503")
    customer.takes_a_mixed_basket()
    customer.buys()
    customer.sees("confirmation-e-mail", "retrying")
    sandbox.fault("mail", mode="ok")
    album.keep(customer.page, "retrying")

    customer.sees_everything_done()

    album.keep(customer.page, "done")


@thorough
def test_on_a_phone_everything_is_tapped_and_nothing_scrolls_sideways(
    new_context: Open, album: Album
) -> None:
    phone = new_context(viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)
    customer = Customer(phone.new_page(), by_touch=True)
    for station in shopping(customer):
        album.keep(customer.page, station, sizes=[PHONE])
        assert wanted_width(customer.page) <= PHONE["width"], station


def shopping(customer: Customer) -> Iterator[str]:
    """From the front door to the list of orders."""
    customer.page.goto("/")
    yield "front"
    customer.finds("Lantern Walk")
    yield "product"
    customer.takes("Slow Swell")
    yield "cart"
    customer.goes_to_the_checkout()
    yield "checkout"
    customer.pays_with("Visa that works")
    customer.sees_everything_done()
    yield "order"
    customer.presses(customer.page.get_by_role("link", name="Your orders"))
    yield "orders"
