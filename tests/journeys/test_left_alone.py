"""Somebody outside is left alone: what customers read meanwhile, and what the desk can do."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.album import Album
from tests.journeys.people import Customer, Desk
from tests.rig.journals import accepted
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.xdist_group("journeys")


def decide(desk: Desk, who: str, verb: str, reason: str) -> None:
    """At the stranger's own page."""
    desk.page.goto("/admin/deferral/breaker/")
    desk.page.get_by_role("link", name=who, exact=True).click()
    desk.page.get_by_role("link", name=verb).click()
    desk.page.get_by_label("Reason").fill(reason)
    desk.page.get_by_role("button", name=verb).click()
    expect(desk.page.get_by_text(reason)).to_be_visible()


def test_a_supplier_held_open_keeps_an_order_waiting_and_then_gets_it(
    customer: Customer, desk: Desk, outside: Sandbox, album: Album
) -> None:
    desk.signs_in()
    decide(desk, "warehouse", "Hold open", "They are counting until noon.")
    customer.takes("Harbour mug")
    number = customer.buys()
    expect(customer.step("warehouse")).to_contain_text("The warehouse cannot be asked")
    expect(customer.step("confirmation-e-mail")).to_have_attribute("data-state", "done")
    album.keep(customer.page, "warehouse-left-alone")
    desk.page.goto("/admin/deferral/breaker/")
    row = desk.page.get_by_role("row", name="warehouse")
    expect(row).to_contain_text("held open by staff")
    expect(row.get_by_role("cell").last).to_have_text("1")
    album.keep(desk.page, "stranger-held-open")

    decide(desk, "warehouse", "Leave to itself", "Counted.")

    customer.sees_everything_done()
    assert accepted(outside, number)[("warehouse", "reservation")] == 1


def test_a_provider_held_open_costs_a_customer_nothing_but_time(
    customer: Customer, desk: Desk, outside: Sandbox, album: Album
) -> None:
    desk.signs_in()
    decide(desk, "payment provider", "Hold open", "They told us to wait.")
    customer.takes("Harbour mug")
    customer.goes_to_the_checkout()
    desk.page.wait_for_timeout(1_000)  # until the web has read it
    customer.pays_with("Visa that works")
    expect(customer.page.get_by_text("Payments do not get through")).to_be_visible()
    album.keep(customer.page, "provider-left-alone")

    decide(desk, "payment provider", "Leave to itself", "They are back.")
    desk.page.wait_for_timeout(1_000)
    customer.pays_with("Visa that works")

    number = customer.number()
    customer.sees_everything_done()
    assert re.fullmatch(r"H-\d+", number)
    assert accepted(outside, number)[("payment", "charge")] == 1
