"""A card whose bank asks first: to the bank and back, in a real browser with all its rules."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.album import Album
from tests.journeys.conftest import Open
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer
from tests.rig.journals import accepted
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.xdist_group("journeys")
ASKS = "A card whose bank asks you first"


def goes_to_the_bank(customer: Customer) -> Page:
    """Something in the cart, the card that asks, the button: the bank's page."""
    customer.takes("Harbour mug", 2)
    customer.goes_to_the_checkout()
    customer.pays_with(ASKS)
    expect(customer.page.get_by_role("heading", name="Is it you who pays?")).to_be_visible()
    return customer.page


def charges(sandbox: Sandbox, number: str) -> int:
    return accepted(sandbox, number).get(("payment", "charge"), 0)


def test_the_bank_asks_is_told_yes_and_the_order_is_paid(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    page = goes_to_the_bank(customer)
    inspection = Inspection(page, album)
    inspection.look("bank")
    page.get_by_role("button", name="Approve").click()

    number = customer.number()
    assert page.url.endswith(f"/orders/{number}/")
    customer.sees_everything_done()
    assert charges(sandbox, number) == 1
    expect(page.get_by_role("link", name="Cart 0")).to_be_visible()
    assert not inspection.complaints, "\n".join(inspection.complaints)


def test_the_bank_is_told_no_and_another_card_pays_the_same_order(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    page = goes_to_the_bank(customer)
    page.get_by_role("button", name="Decline").click()
    number = customer.number()
    inspection = Inspection(page, album)
    expect(page.get_by_text("did not confirm that it is you")).to_be_visible()
    inspection.look("failed")
    page.get_by_role("link", name="Pay again").click()
    inspection.look("pay-again")
    customer.pays_with("A card with too little money")
    expect(page.get_by_role("alert")).to_contain_text("insufficient funds. Nothing was charged")
    inspection.look("declined-again")
    customer.pays_with("Visa that works")

    assert customer.number() == number
    customer.sees_everything_done()
    assert charges(sandbox, number) == 1
    assert not inspection.complaints, "\n".join(inspection.complaints)


def test_who_leaves_the_bank_finds_back_there_and_may_answer_in_another_browser(
    customer: Customer, sandbox: Sandbox, new_context: Open, album: Album
) -> None:
    page = goes_to_the_bank(customer)
    bank = page.url
    page.get_by_role("link", name="Leave").click()
    number = customer.number()
    inspection = Inspection(page, album)
    expect(page.get_by_role("heading", name="Your bank has a question")).to_be_visible()
    inspection.look("waiting")
    page.get_by_role("link", name="Continue at your bank").click()
    expect(page).to_have_url(bank)
    page.goto(f"/orders/{number}/")

    elsewhere = new_context().new_page()
    elsewhere.goto(bank)
    elsewhere.get_by_role("button", name="Approve").click()
    expect(elsewhere).to_have_url(re.compile(rf"/orders/{number}/\?token="))
    expect(elsewhere.get_by_role("heading", name="Thank you")).to_be_visible()
    assert [one["name"] for one in elsewhere.context.cookies()] in ([], ["csrftoken"])

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert charges(sandbox, number) == 1
    assert not inspection.complaints, "\n".join(inspection.complaints)


def test_the_page_on_the_way_there_can_be_read_and_tells_the_bank_no_address_of_ours(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    told: list[str | None] = []
    page = customer.page

    def stay(route: Route) -> None:
        told.append(route.request.headers.get("referer"))
        route.fulfill(status=204)

    page.route("**/bank/pi_*", stay, times=1)
    customer.takes("Harbour mug")
    customer.goes_to_the_checkout()
    customer.pays_with(ASKS)
    expect(page.get_by_role("link", name="Continue at your bank")).to_be_visible()
    album.keep(page, "to-bank")

    assert told == [None]
