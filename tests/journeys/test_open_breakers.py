"""A service's breaker is open: what customers read meanwhile, and what the admin can do."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.album import Album
from tests.journeys.people import Customer, Staff
from tests.rig.depth import thorough
from tests.rig.journals import accepted
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.xdist_group("journeys")


def decide(staff: Staff, who: str, verb: str, reason: str) -> None:
    """At the external service's own page."""
    staff.page.goto("/admin/deferral/breaker/")
    staff.page.get_by_role("link", name=who, exact=True).click()
    staff.page.get_by_role("link", name=verb).click()
    staff.page.get_by_label("Reason").fill(reason)
    staff.page.get_by_role("button", name=verb).click()
    expect(staff.page.get_by_text(reason)).to_be_visible()


@thorough
def test_a_supplier_held_open_keeps_an_order_waiting_and_then_gets_it(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album
) -> None:
    staff.signs_in()
    decide(staff, "warehouse", "Hold open", "They are counting until noon.")
    staff.page.wait_for_timeout(1_000)  # until the workers have read it
    customer.takes("Harbour mug")
    number = customer.buys()
    expect(customer.step("warehouse")).to_contain_text("The warehouse cannot be asked")
    expect(customer.step("confirmation-e-mail")).to_have_attribute("data-state", "done")
    album.keep(customer.page, "warehouse-left-alone")
    staff.page.goto("/admin/deferral/breaker/")
    row = staff.page.get_by_role("row", name="warehouse")
    expect(row).to_contain_text("held open by staff")
    expect(row.get_by_role("cell").last).to_have_text("1")
    album.keep(staff.page, "service-held-open")

    decide(staff, "warehouse", "Leave to itself", "Counted.")

    customer.sees_everything_done()
    assert accepted(sandbox, number)[("warehouse", "reservation")] == 1


def test_a_provider_held_open_costs_a_customer_nothing_but_time(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album
) -> None:
    staff.signs_in()
    decide(staff, "payment provider", "Hold open", "They told us to wait.")
    customer.takes("Harbour mug")
    customer.goes_to_the_checkout()
    staff.page.wait_for_timeout(1_000)  # until the web has read it
    customer.pays_with("Visa that works")
    expect(customer.page.get_by_text("Payments do not get through")).to_be_visible()
    album.keep(customer.page, "provider-left-alone")

    decide(staff, "payment provider", "Leave to itself", "They are back.")
    staff.page.wait_for_timeout(1_000)
    customer.pays_with("Visa that works")

    number = customer.number()
    customer.sees_everything_done()
    assert re.fullmatch(r"H-\d+", number)
    assert accepted(sandbox, number)[("payment", "charge")] == 1
