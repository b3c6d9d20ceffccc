"""Somebody searches: mistyped, while typing, by keyboard, without a script."""

import pytest
from playwright.sync_api import expect

from tests.journeys.album import Album
from tests.journeys.conftest import Open
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer

pytestmark = pytest.mark.xdist_group("journeys")


def test_what_was_meant_is_found_and_put_into_the_cart(customer: Customer) -> None:
    page = customer.page
    page.goto("/")
    page.get_by_role("searchbox", name="Search").fill("lantren")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Showing results for lantern")).to_be_visible()
    page.get_by_label("What", exact=True).select_option("Home")
    page.get_by_label("Order").select_option("Price, lowest first")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", name="for “lantern”")).to_be_visible()
    expect(page.get_by_role("link", name="Lantern Walk", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name="Storm lantern", exact=True)).to_be_visible()
    page.goto("/search/?q=mugg")  # of which there are always some
    page.get_by_role("button", name="Put Harbour mug in the cart").click()
    expect(page.get_by_role("link", name="Cart 1")).to_be_visible()


def test_while_somebody_types_a_few_are_proposed_and_the_keys_lead_there(
    customer: Customer, album: Album
) -> None:
    page, inspection = customer.page, Inspection(customer.page, album)
    page.goto("/")
    box, proposed = page.get_by_role("searchbox", name="Search"), page.locator("#suggestions a")
    box.click()
    page.wait_for_function("window.htmx")
    box.press_sequentially("harb", delay=60)

    expect(proposed.first).to_be_visible()
    expect(page.locator("#suggested")).to_contain_text("below")
    inspection.look("proposed")
    page.keyboard.press("Escape")
    expect(proposed).to_have_count(0)
    box.press_sequentially("our mug", delay=60)
    expect(proposed.first).to_contain_text("Harbour mug")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Harbour mug", level=1)).to_be_visible()
    assert not inspection.complaints, "\n".join(inspection.complaints)


def test_without_a_script_the_search_is_a_form(new_context: Open) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_role("searchbox", name="Search").fill("harbor")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Showing results for harbour")).to_be_visible()
