"""Somebody sends a mug back: asked for, approved, arrived, the money is back, the mug in stock."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.rig.journals import accepted
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
MUG = "Harbour mug"
MAILS = ("We have your return", "Send it back", "has arrived", "Your refund")


def test_a_mug_comes_back_and_so_does_its_money(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album
) -> None:
    theirs, ours = Inspection(customer.page, album), Inspection(staff.page, album)
    customer.takes(MUG, 2)
    customer.takes("Lantern Walk")
    number = customer.buys()
    customer.sees_everything_done()
    theirs.look("order")
    asks(customer.page, theirs)
    name = approves(staff, ours)
    reads_where_to(customer.page, name, theirs)
    counts(staff.page, name, ours)
    staff.sees_done(number, "release_warehouse:")
    ours.look("order-at-the-staff")
    sees_the_money(customer, number, name, theirs)

    told = accepted(sandbox, number)
    for service, effect in (("payment", "refund of "), ("warehouse", "release of ")):
        once = [n for (who, what), n in told.items() if who == service and what.startswith(effect)]
        assert once == [1]
    eventually(lambda: all(words in subjects(sandbox, customer) for words in MAILS))
    found = theirs.complaints + ours.complaints
    assert not found, "\n".join(found)


def subjects(sandbox: Sandbox, customer: Customer) -> str:
    """Of all the mails that they have."""
    return str(sandbox.mails(customer.email))


def asks(page: Page, inspection: Inspection) -> None:
    """From the order's page; once without words where there must be some."""
    page.get_by_role("link", name="Send something back").click()
    expect(page.get_by_text("It comes in no parcel")).to_be_visible()
    inspection.look("empty")
    page.get_by_label(MUG).fill("1")
    page.get_by_label("Something else").check()
    page.get_by_role("button", name="Ask for the return").click()
    expect(page.get_by_text("Say in a few words what is wrong")).to_be_visible()
    inspection.look("marked")
    page.get_by_label("What is it?").fill("The handle is on the wrong side.\nI am left-handed.")
    page.get_by_role("button", name="Ask for the return").click()
    expect(page.get_by_text("We look at it, and tell you by e-mail")).to_be_visible()
    page.get_by_text("Withdraw it…").click()
    inspection.look("asked")


def approves(staff: Staff, inspection: Inspection) -> str:
    """From the first page of the admin; the return's name."""
    page = staff.page
    staff.signs_in()
    inspection.look("first-page")
    page.get_by_role("link", name="Returns to decide about").click()
    inspection.look("list")
    page.locator("#result_list tbody th a").first.click()
    inspection.look("in-the-admin")
    page.get_by_role("link", name="Refuse").click()
    inspection.look("refuse")
    page.go_back()
    page.get_by_role("link", name="Approve").click()
    inspection.look("approve")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("may be sent back.")).to_be_visible()
    return page.locator("h2", has_text="R-").first.inner_text().strip()


def reads_where_to(page: Page, name: str, inspection: Inspection) -> None:
    """On the order's page, which was open, and on the page that it leads to."""
    page.get_by_role("link", name="Back to the order").click()
    expect(page.get_by_text(f"Write {name} on the parcel")).to_be_visible()
    inspection.look("order-approved")
    page.get_by_role("link", name="What to do").click()
    expect(page.get_by_text("Send it to")).to_be_visible()
    inspection.look("approved")
    page.get_by_role("link", name="Back to the order").click()


def counts(page: Page, name: str, inspection: Inspection) -> None:
    """The parcel is found by what stands on it."""
    page.goto(f"/admin/orders/return/?q={name}")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="Arrived").click()
    inspection.look("arrived")
    page.get_by_role("button", name="Arrived").click()
    expect(page.get_by_text("is here, and its money goes back.")).to_be_visible()
    inspection.look("counted")


def sees_the_money(customer: Customer, number: str, name: str, inspection: Inspection) -> None:
    """On the page that was open all the time; then anew."""
    page = customer.page
    expect(page.get_by_text("your money for it went back")).to_be_visible()
    inspection.look("order-refunded")
    page.goto(f"/orders/{number}/returns/")
    expect(page.get_by_role("heading", name=name)).to_contain_text("refunded")
    inspection.look("another")
