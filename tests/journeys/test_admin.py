"""A dead letter, from both sides: its customer reads of it, somebody of the staff replays it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.album import Album
from tests.journeys.people import Customer, Staff
from tests.rig.journals import accepted
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.xdist_group("journeys")
WAREHOUSE = ("warehouse", "reservation")


def test_a_dead_letter_is_seen_by_its_customer_and_replayed_in_the_admin(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album
) -> None:
    sandbox.fault("warehouse", mode="410")
    customer.takes("Harbour mug")
    number = customer.buys()
    customer.sees("warehouse", "dead")
    expect(customer.step("warehouse")).to_contain_text("This needs one of us")
    album.keep(customer.page, "held-up")

    staff.signs_in()
    staff.page.goto("/admin/deferral/job/dead-letters/")
    expect(staff.page.get_by_role("heading", name="warehouse answered 410")).to_be_visible()
    album.keep(staff.page, "dead-letters")
    staff.opens_order(number)
    album.keep(staff.page, "order-at-the-staff")
    staff.page.get_by_role("link", name=re.compile("^reserve_warehouse:")).click()
    staff.page.get_by_role("button", name="Replay").click()
    album.keep(staff.page, "replay")
    sandbox.fault("warehouse", mode="ok")
    staff.page.get_by_label("Reason").fill("Their address is back.")
    staff.page.get_by_role("button", name="Replay").click()
    expect(staff.page.get_by_text("1 will run again under the same keys")).to_be_visible()

    staff.sees_done(number, "reserve_warehouse:")
    customer.page.reload()
    customer.sees_everything_done()
    assert accepted(sandbox, number)[WAREHOUSE] == 1
    staff.page.get_by_role("link", name=re.compile("^reserve_warehouse:")).click()
    expect(staff.page.get_by_text("Their address is back.")).to_be_visible()
    album.keep(staff.page, "replayed")
