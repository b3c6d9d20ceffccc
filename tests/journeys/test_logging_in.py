"""Logging in by a mail: in the browser that asked, from another one, and after a scanner."""

import re

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
LINK = re.compile(r"http://\S+/login/link/\S+/")
CODE = re.compile(r"\b\d{6}\b")


def asks(page: Page, address: str) -> None:
    """On the shop's own page, from its front door."""
    page.goto("/")
    page.get_by_role("link", name="Log in").click()
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me the mail").click()
    expect(page.get_by_role("heading", name="Please look into your mailbox.")).to_be_visible()


def reads(sandbox: Sandbox, address: str, number: int = 1) -> str:
    """The newest mail with a link, once so many came."""

    def mails() -> list[dict[str, str]]:
        found = sandbox.mails(address)
        return [mail for mail in found if "Welcome" not in mail["subject"]]

    eventually(lambda: len(mails()) == number)
    newest = max(int(mail["id"]) for mail in mails())
    found = requests.get(f"{sandbox.inbox}/api/messages/{newest}", timeout=15).json()
    return str(found["text"])


def test_from_the_mail_in_the_same_browser(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    page, inspection = customer.page, Inspection(customer.page, album)
    page.goto("/login/")
    inspection.look("login-ask")
    page.get_by_label("E-mail").fill("ada@")
    page.locator("form.two").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Send me the mail").click()
    inspection.look("login-marked")
    asks(page, "ada@same.example.org")
    inspection.look("login-code")
    page.get_by_label("Code from the mail").fill("12 34")
    page.get_by_role("button", name="Log in").click()
    inspection.look("login-code-wrong")
    [link] = LINK.findall(reads(sandbox, "ada@same.example.org"))
    page.goto(link)
    inspection.look("login-link")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("ada@same.example.org")).to_be_visible()
    inspection.look("account")
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert not inspection.complaints, "\n".join(inspection.complaints)


def test_from_the_mail_in_another_browser_and_after_a_scanner(
    customer: Customer, browser: Browser, sandbox: Sandbox, album: Album
) -> None:
    page = customer.page
    asks(page, "ada@other.example.org")
    mail = reads(sandbox, "ada@other.example.org")
    [link], code = LINK.findall(mail), CODE.findall(mail)[0]
    scanner = browser.new_context().new_page()
    scanner.goto(link)
    expect(scanner.get_by_role("heading", name="Type the code where you asked.")).to_be_visible()
    for button in scanner.locator("main button").all():
        button.click()
    Inspection(scanner, album).look("login-elsewhere")
    assert not [each for each in scanner.context.cookies() if each["name"] == "sessionid"]

    page.get_by_label("Code from the mail").fill(code)
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_text("ada@other.example.org")).to_be_visible()
    expect(page.get_by_role("heading", name="Welcome aboard.")).to_be_visible()
