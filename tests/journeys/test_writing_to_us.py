"""Somebody writes to the shop, and a member of staff answers, with a program's draft at hand."""

import pytest
import requests
from playwright.sync_api import Page, expect

from deferral.names import new_tag
from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
WORDS = "The print came with a corner folded.\n\nWhat now?"
ANSWER = "We send another one today."


def test_a_message_is_answered_by_a_person_with_a_draft_at_hand(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album
) -> None:
    theirs, ours = Inspection(customer.page, album), Inspection(staff.page, album)
    customer.email = f"{new_tag()}@journey.example.org"
    writes(customer, theirs)
    eventually(lambda: len(sandbox.mails(customer.email)) == 1)
    answers(staff, ours)
    eventually(lambda: len(sandbox.mails(customer.email)) == 2)

    newest = max(one["id"] for one in sandbox.mails(customer.email))
    mail = requests.get(f"{sandbox.inbox}/api/messages/{newest}", timeout=15).json()
    assert ANSWER in mail["text"]
    assert "> What now?" in mail["text"]
    found = theirs.complaints + ours.complaints
    assert not found, "\n".join(found)


def writes(customer: Customer, inspection: Inspection) -> None:
    """From the foot of a page; once with an address that is none, which is told and loses
    nothing.
    """
    page = customer.page
    page.goto("/")
    page.get_by_role("link", name="Write to us").click()
    inspection.look("empty")
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("E-mail").fill("ada@nowhere")
    page.get_by_label("Your message").fill(WORDS)
    page.locator("form.two").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_text("Nothing was sent yet")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value(WORDS)
    inspection.look("marked")
    page.get_by_label("E-mail").fill(customer.email)
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_role("heading", name="Your message has arrived.")).to_be_visible()
    inspection.look("sent")


def answers(staff: Staff, inspection: Inspection) -> None:
    """From the first page of the admin."""
    page = staff.page
    staff.signs_in()
    expect(page.get_by_role("heading", name="Messages to answer")).to_be_visible()
    inspection.look("first-page")
    page.locator("a[href*='/contact/message/'][href$='/change/']").last.click()
    waits_for_the_draft(page)
    inspection.look("with-a-draft")
    page.get_by_role("link", name="Answer…", exact=True).click()
    field = page.locator("textarea[name=words]")
    assert "Thank you for your message." in field.input_value()
    inspection.look("answering")
    field.fill(ANSWER)
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("the mail is on its way")).to_be_visible()
    inspection.look("answered")


def waits_for_the_draft(page: Page) -> None:
    """It comes by itself; the page is loaded again."""
    draft = page.get_by_text("Thank you for your message.")
    eventually(lambda: page.reload() is not None and draft.count() > 0)
