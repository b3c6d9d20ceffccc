"""A customer's own pages: an order found again, the account, a copy of their data, its end."""

import re

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.journeys.album import Album
from tests.journeys.conftest import Open
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
FOUND = re.compile(r"http://\S+/orders/found/\S+/")
LOGIN = re.compile(r"http://\S+/login/link/\S+/")


def newest(sandbox: Sandbox, address: str, pattern: re.Pattern[str], number: int = 1) -> str:
    """The newest link of this kind that was mailed there, once so many were."""
    links: list[str] = []

    def look() -> bool:
        links.clear()
        for mail in sorted(sandbox.mails(address), key=lambda one: int(one["id"])):
            text = requests.get(f"{sandbox.inbox}/api/messages/{mail['id']}", timeout=15).json()
            links.extend(pattern.findall(text["text"]))
        return len({*links}) >= number

    eventually(look)
    return links[-1]


def orders(customer: Customer, address: str) -> str:
    """The usual basket; its number."""
    customer.email = address
    customer.takes_a_mixed_basket()
    customer.goes_to_the_checkout()
    customer.page.get_by_role("button", name=re.compile("Pay")).click()
    expect(customer.page.locator("#count")).to_contain_text("done")
    [number] = re.findall(r"/orders/(H-\d+)/", customer.page.url)
    return str(number)


def logs_in(page: Page, sandbox: Sandbox, address: str, *, times: int = 1) -> None:
    """For the time of that number."""
    page.goto("/login/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me the mail").click()
    page.goto(newest(sandbox, address, LOGIN, times))
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Your orders")).to_be_visible()


def test_a_guest_finds_an_order_on_another_device(
    customer: Customer, new_context: Open, sandbox: Sandbox, album: Album
) -> None:
    address = "guest@found.example.org"
    number = orders(customer, address)
    telephone = new_context().new_page()
    inspection = Inspection(telephone, album)
    telephone.goto("/orders/find/")
    telephone.get_by_label("Order number").fill(number)
    telephone.get_by_label("E-mail").fill(address)
    telephone.get_by_role("button", name="Send me the link").click()
    expect(telephone.get_by_role("heading", name="Please look into your mailbox.")).to_be_visible()
    telephone.goto(newest(sandbox, address, FOUND))
    inspection.look("order-found")
    telephone.get_by_role("button", name="Show the order").click()

    expect(telephone.get_by_text(f"Order {number}").first).to_be_visible()
    assert not inspection.complaints, "\n".join(inspection.complaints)


def test_orders_a_copy_and_the_end_of_an_account(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    page, address = customer.page, "zoe@own.example.org"
    inspection = Inspection(page, album)
    number = orders(customer, address)
    page.context.clear_cookies()
    logs_in(page, sandbox, address)
    expect(page.get_by_role("link", name=number, exact=True)).to_be_visible()
    inspection.look("account-orders")
    page.get_by_role("link", name="Have your data put together").click()
    inspection.look("my-data")
    page.get_by_role("button", name="Put it together").click()
    expect(page.get_by_role("link", name="Download (ZIP)")).to_be_visible()
    inspection.look("my-data-ready")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download (ZIP)").click()
    assert download.value.suggested_filename.endswith(".zip")
    page.goto("/account/delete/")
    inspection.look("delete-account")
    page.get_by_label("Your e-mail address").fill("somebody@else.example")
    page.get_by_role("button", name="Delete my account").click()
    inspection.look("delete-account-wrong")
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", name="is going to be deleted")).to_be_visible()
    logs_in(page, sandbox, address, times=2)
    inspection.look("account-to-be-deleted")
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_role("link", name="Delete your account")).to_be_visible()
    assert not inspection.complaints, "\n".join(inspection.complaints)
