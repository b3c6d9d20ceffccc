"""An order from its payment to its delivery: the suppliers tell of parcels, last things first."""

import json
import os
import secrets
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect
from standardwebhooks import Webhook

from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.rig.running_sandbox import Sandbox
from tests.rig.surroundings import PRINT_ROOM_SECRET, WAREHOUSE_SECRET
from tests.rig.waiting import eventually

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
SUPPLIERS = {"print-room": PRINT_ROOM_SECRET, "warehouse": WAREHOUSE_SECRET}


def test_an_order_is_followed_to_its_delivery_with_notices_out_of_order(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album
) -> None:
    theirs, ours = Inspection(customer.page, album), Inspection(staff.page, album)
    customer.takes("Slow Swell")
    customer.takes("Harbour mug", 2)
    number = customer.buys()
    customer.sees_everything_done()
    theirs.look("expected")
    order = Told(sandbox, number)
    order.tell("print-room", "on_its_way")
    order.tell("print-room", "packed")
    expect(parcel(customer.page, "on_its_way")).to_contain_text("Slow Swell")
    theirs.look("a-part-on-its-way")
    order.tell("warehouse", "delivered")
    order.tell("warehouse", "announced")
    order.tell("warehouse", "delivered")
    expect(parcel(customer.page, "delivered")).to_contain_text(
        "2 \N{MULTIPLICATION SIGN} Harbour mug"
    )
    order.tell("print-room", "lost")
    order.tell("warehouse", "packed", sku="NOT-OURS")
    sees_to_it(staff, number, ours)
    order.tell("print-room", "delivered")
    expect(parcel(customer.page, "delivered")).to_have_count(2)
    theirs.look("delivered")
    eventually(lambda: len(parcels_mails(sandbox, number)) == 2)

    found = theirs.complaints + ours.complaints
    assert not found, "\n".join(found)


def parcel(page: Page, state: str) -> Any:
    return page.locator(f"[data-parcel='{state}']")


def parcels_mails(sandbox: Sandbox, number: str) -> list[str]:
    """Subjects of mails about parcels."""
    found = [str(mail["subject"]) for mail in sandbox.mails("ada@example.org")]
    return [one for one in found if number in one and ("on its way" in one or "delivered" in one)]


def sees_to_it(staff: Staff, number: str, inspection: Inspection) -> None:
    """From the first page of the admin: the lost parcel, and the notice that did not fit."""
    page = staff.page
    staff.signs_in()
    eventually(lambda: page.reload() is not None and page.get_by_text("did not fit").count() > 0)
    inspection.look("first-page")
    page.get_by_role("link", name="1 notice", exact=True).click()
    inspection.look("misfits")
    page.get_by_role("link", name="P-1").first.click()
    inspection.look("a-misfit")
    page.goto(f"/admin/orders/shipment/?q={number}&needs=staff")
    page.locator("th.field-name a").first.click()
    expect(page.get_by_text("What was said of it")).to_be_visible()
    inspection.look("a-parcel")
    page.get_by_role("link", name="Correct", exact=True).click()
    inspection.look("correcting")
    page.get_by_label("It is").select_option("on_its_way")
    page.get_by_label("Tracking address").fill("https://post.example/follow/8")
    page.get_by_label("Reason").fill("The carrier has found it.")
    page.get_by_role("button", name="Correct", exact=True).click()
    expect(page.get_by_text("stands so now")).to_be_visible()


class Told:
    """An order, as its suppliers know and tell of it."""

    def __init__(self, sandbox: Sandbox, number: str) -> None:
        journal = sandbox.get(f"/ledger.json?order={number}")
        [row] = journal["warehouse"]
        self.reference = row["key"].partition(":")[2]
        self.skus = {"print-room": ("PR-002", 1), "warehouse": ("HO-001", 2)}

    def tell(self, supplier: str, state: str, sku: str = "") -> None:
        """Signed as that supplier."""
        own, quantity = self.skus[supplier]
        data = {
            "order": self.reference,
            "shipment": "P-1",
            "lines": [{"sku": sku or own, "quantity": quantity}],
            "carrier": "Harbour Post",
            "tracking_number": "HP 7",
            "tracking_url": "https://post.example/follow/7",
        }
        now = datetime.now(UTC)
        said = {"type": f"shipment.{state}", "timestamp": now.isoformat(), "data": data}
        name, body = f"notice-{secrets.token_hex(8)}", json.dumps(said)
        signature = Webhook(SUPPLIERS[supplier]).sign(name, now, body)
        headers = {
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        address = f"http://127.0.0.1:{os.environ['WEB_PORT']}/suppliers/{supplier}/notices/"
        requests.post(address, body, headers=headers, timeout=10).raise_for_status()
