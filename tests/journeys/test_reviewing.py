"""Somebody buys a print, reviews it with a photo and a film, and staff let everybody see that."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.media.drawn import two_colours, written
from tests.media.films.filming import GREY, film
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
PRODUCT = "Slow Swell"
WORDS = "It hangs above the stove.\n\nThe blue is deeper than on the screen."


def test_a_review_with_a_photo_and_a_film_is_shown_once_staff_have_looked(
    customer: Customer, staff: Staff, sandbox: Sandbox, album: Album, tmp_path: Path
) -> None:
    theirs, ours = Inspection(customer.page, album), Inspection(staff.page, album)
    customer.takes(PRODUCT)
    number = customer.buys()
    writes(customer, theirs)
    films(customer.page, theirs, film(tmp_path, name="stove.mp4", picture=GREY))
    decides(staff.page, ours)
    reads(customer.page, number, theirs)
    eventually(lambda: any("can be read" in str(each) for each in sandbox.mails(customer.email)))

    found = theirs.complaints + ours.complaints
    assert not found, "\n".join(found)


def writes(customer: Customer, inspection: Inspection) -> None:
    """From the order's page; once without stars, which is told and loses nothing."""
    page = customer.page
    page.get_by_role("link", name="Write a review").click()
    inspection.look("empty")
    page.get_by_label("Your review").fill(WORDS)
    page.locator("form").evaluate_all("forms => forms.forEach(one => one.noValidate = true)")
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_text("This field is required.", exact=True)).to_be_visible()
    inspection.look("marked")
    page.get_by_label("★★★★☆ Good").check()
    photo = written(two_colours(1600, 1200)).read()
    page.get_by_label("Photos").set_input_files(
        {"name": "stove.jpg", "mimeType": "image/jpeg", "buffer": photo}
    )
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_text("Nobody sees it before")).to_be_visible()
    inspection.look("waiting")


def films(page: Page, inspection: Inspection, path: Path) -> None:
    """From the review's page; it is made while somebody else is looking for it."""
    page.get_by_role("link", name="Add a film").click()
    inspection.look("film-empty")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("It is being made").or_(page.get_by_text("It is made"))).to_be_visible()
    eventually(lambda: page.reload() is not None and page.get_by_text("It is made").count() == 1)
    inspection.look("film-sent")
    page.get_by_role("link", name="Back to your review").click()
    expect(page.get_by_role("link", name="Your film")).to_be_visible()
    inspection.look("with-film")


def decides(page: Page, inspection: Inspection) -> None:
    """From the first page of the admin."""
    Staff(page).signs_in()
    page.get_by_role("link", name=f"4 of 5: {PRODUCT}").click()
    eventually(lambda: page.reload() is not None and page.locator("picture").count() == 1)
    expect(page.locator(".review-seen video")).to_have_attribute("poster", re.compile("poster"))
    inspection.look("in-the-admin")
    page.get_by_role("link", name="Refuse").click()
    inspection.look("refuse")
    page.go_back()
    page.get_by_role("link", name="Show", exact=False).first.click()
    for name in ("stove.jpg", "stove.mp4"):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    inspection.look("show")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("can be seen by everybody")).to_be_visible()
    inspection.look("decided")
    page.goto("/admin/reviews/review/")
    inspection.look("list")


def reads(page: Page, number: str, inspection: Inspection) -> None:
    """On the product's page, which the customer's own leads to."""
    page.goto(f"/orders/{number}/")
    inspection.look("order")
    page.get_by_role("link", name="Your review").click()
    page.get_by_role("link", name=f"the page of {PRODUCT}").click()
    expect(page.get_by_text("The blue is deeper")).to_be_visible()
    expect(page.locator(".review picture img")).to_have_js_property("complete", value=True)
    expect(page.locator(".review video source").first).to_have_attribute("type", "video/mp4")
    inspection.look("product")
    page.goto("/products/slow-swell/reviews/")
    inspection.look("all")
