"""What costs nothing, and what is given back in part: from the admin to the door, with axe."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.rig.depth import thorough
from tests.rig.journals import accepted
from tests.rig.running_sandbox import Sandbox

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]


def test_a_free_seat_is_priced_in_the_admin_and_ordered_without_a_card(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album
) -> None:
    theirs = Inspection(customer.page, album)
    staff.signs_in()
    staff.page.goto("/admin/shop/product/?q=Boatyard")
    staff.page.get_by_role("link", name="Boatyard Open Day").click()
    staff.page.get_by_role("textbox", name="Price").fill("2147483.64")
    staff.page.get_by_role("button", name="Save", exact=True).click()
    expect(staff.page.get_by_text("One payment is at most 999,999.99 euros.")).to_be_visible()
    album.keep(staff.page, "product-too-dear")
    staff.page.get_by_role("textbox", name="Price").fill("0.24")
    staff.page.get_by_role("button", name="Save", exact=True).click()
    customer.takes("Boatyard Open Day", 2)
    expect(customer.page.get_by_text("A card cannot be charged with less")).to_be_visible()
    theirs.look("cart-too-little")
    staff.page.get_by_role("link", name="Boatyard Open Day").first.click()
    staff.page.get_by_role("textbox", name="Price").fill("0")
    staff.page.get_by_role("button", name="Save", exact=True).click()

    customer.page.reload()
    customer.presses(customer.page.get_by_role("button", name="Check out"))
    expect(customer.page.get_by_text("no card is asked for")).to_be_visible()
    theirs.look("free-checkout")
    customer.page.get_by_label("Name", exact=True).fill("Ada Lovelace")
    customer.page.get_by_label("E-mail").fill(customer.email)
    customer.presses(customer.page.get_by_role("button", name="Order for free"))
    number = customer.number()
    customer.sees_everything_done()
    theirs.look("free-order")

    told = accepted(sandbox, number)
    assert ("payment", "charge") not in told
    for effect in (("box-office", "reservation"), ("partner", "order.completed")):
        assert told[effect] == 1
    assert not theirs.complaints


@thorough
def test_a_ticket_is_given_back_and_opens_no_door(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album
) -> None:
    theirs, ours = Inspection(customer.page, album), Inspection(staff.page, album)
    customer.takes("Tide-pool Morning", 2)
    customer.takes("Harbour mug", 2)
    number = customer.buys()
    customer.sees_everything_done()

    staff.signs_in()
    staff.opens_order(number)
    staff.page.get_by_role("link", name="Refund").first.click()
    staff.page.get_by_label("Ticket 2 of 2").check()
    staff.page.get_by_label("Harbour mug").fill("1")
    staff.page.get_by_label("Goods are sold again").check()
    staff.page.get_by_label("Reason").fill("One of them is ill.")
    ours.look("refund")
    staff.page.get_by_role("button", name="Refund").click()
    expect(staff.page.get_by_text("will be refunded as soon as")).to_be_visible()
    staff.sees_done(number, "release_warehouse:")
    ours.look("order-at-the-staff")

    customer.page.reload()
    summary = customer.page.get_by_role("complementary", name="Summary")
    expect(summary).to_contain_text("Money back for 1 of 2: ticket 2")
    expect(summary).to_contain_text("Refunded")
    customer.sees_everything_done()
    theirs.look("order")
    customer.page.goto("/orders/")
    theirs.look("orders")
    staff.page.goto(f"/admin/reports/ticket/?q={number}")
    columns = ("position", "code")
    rows = (staff.page.locator(f"#result_list .field-{one}").all_text_contents() for one in columns)
    codes = dict(zip(*rows, strict=True))
    staff.page.goto(f"/tickets/{codes['2']}/")
    expect(staff.page.get_by_text("Void: refunded")).to_be_visible()
    ours.look("ticket-void")
    staff.page.goto(f"/tickets/{codes['1']}/")
    expect(staff.page.get_by_role("button", name="Let in")).to_be_visible()

    told = [what for _, what in accepted(sandbox, number)]
    assert len([what for what in told if re.match(r"release of|order\.partly_refunded", what)]) == 3
    assert not [*theirs.complaints, *ours.complaints]
