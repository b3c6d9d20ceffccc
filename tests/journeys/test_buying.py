"""A customer buys: it works, it is declined, it is sold out."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.album import Album
from tests.journeys.complaints import Complaints
from tests.journeys.conftest import Open
from tests.journeys.people import Customer
from tests.rig.journals import accepted
from tests.rig.running_sandbox import Sandbox
from tests.rig.running_shop import EFFECTS

pytestmark = pytest.mark.xdist_group("journeys")


def test_a_mixed_basket_is_paid_and_finishes_while_its_customer_watches(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    page = customer.page
    sandbox.fault("mail", mode="503")
    customer.takes_a_mixed_basket()
    album.keep(page, "cart")
    number = customer.buys()
    page.evaluate("window.neverLeft = true")

    customer.sees("confirmation-e-mail", "retrying")
    expect(customer.step("confirmation-e-mail")).to_contain_text("Trying again")
    album.keep(page, "retrying")
    sandbox.fault("mail", mode="ok")
    customer.sees_everything_done()

    assert page.evaluate("window.neverLeft")
    assert accepted(sandbox, number) == EFFECTS
    album.keep(page, "done")


def test_a_page_outlives_a_moment_in_which_nobody_answers_it(
    customer: Customer, sandbox: Sandbox, complaints: Complaints
) -> None:
    page = customer.page
    sandbox.fault("mail", mode="503")
    customer.takes_a_mixed_basket()
    customer.buys()
    with page.expect_request_finished(lambda request: "/steps/" in request.url):
        page.route("**/steps/**", refuse, times=1)

    customer.sees("confirmation-e-mail", "retrying")
    sandbox.fault("mail", mode="ok")
    customer.sees_everything_done()

    [refusal] = complaints.found
    assert "/steps/" in refusal
    complaints.found.clear()


def refuse(route: Route) -> None:
    """As the shop does while its database is away."""
    route.fulfill(status=503, body="<h1>Back in a moment.</h1>")


def test_receipt_tickets_and_download_open_from_the_page_and_are_in_the_mail(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    customer.takes_a_mixed_basket()
    number = customer.buys()
    customer.sees_everything_done()

    made = [file for name in ("receipt", "tickets") for file in customer.opens(customer.step(name))]
    bought = customer.opens(customer.page.get_by_role("complementary"))
    customer.opens_mail(sandbox.inbox, number)
    sent = customer.opens(customer.page.get_by_role("listitem"))

    assert {file[:5] for file in made} == {b"%PDF-"}
    assert [file[:2] for file in bought].count(b"PK") == 1
    assert len(set(sent)) == 4
    assert set(sent) <= set(made)
    album.keep(customer.page, "mail")


def test_the_link_in_the_mail_opens_the_order_in_another_browser(
    customer: Customer, sandbox: Sandbox, new_context: Open
) -> None:
    customer.takes("Harbour mug")
    number = customer.buys()
    customer.sees_everything_done()
    customer.opens_mail(sandbox.inbox, number)
    link = customer.page.get_by_role("link", name=f"/orders/{number}/?token=").first

    elsewhere = new_context().new_page()
    elsewhere.goto(f"/orders/{number}/")
    expect(elsewhere.get_by_role("heading", name="Thank you")).to_have_count(0)
    elsewhere.goto(link.inner_text())
    expect(elsewhere.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_declined_card_keeps_the_basket_and_says_why_and_another_one_pays(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    customer.takes("Harbour mug", 2)
    customer.goes_to_the_checkout()
    customer.pays_with("A card with too little money")

    expect(customer.page.get_by_role("alert")).to_contain_text("Nothing was charged")
    expect(customer.page.get_by_role("link", name="Cart 2")).to_be_visible()
    expect(customer.page.get_by_label("E-mail")).to_have_value(customer.email)
    album.keep(customer.page, "declined")

    customer.pays_with("Visa that works")
    customer.sees_everything_done()
    assert accepted(sandbox, customer.number())["payment", "charge"] == 1
    expect(customer.page.get_by_role("link", name="Cart 0")).to_be_visible()


def test_what_is_sold_out_while_somebody_pays_is_not_charged(
    customer: Customer, new_context: Open, album: Album
) -> None:
    customer.takes("Storm lantern", 2)
    customer.goes_to_the_checkout()
    quicker = Customer(new_context().new_page())
    quicker.takes("Storm lantern", 4)
    quicker.buys()

    customer.pays_with("Visa that works")

    expect(customer.page.get_by_role("alert")).to_contain_text("Storm lantern: Sold out")
    album.keep(customer.page, "sold-out")
    customer.page.get_by_role("link", name="Your orders").click()
    expect(customer.page.get_by_role("heading", name="Your orders")).to_be_visible()
    expect(customer.page.get_by_role("link", name=re.compile("H-"))).to_have_count(0)
    customer.page.get_by_role("link", name="Cart 2").click()
    expect(customer.page.get_by_text("Please change what is marked first")).to_be_visible()
    customer.page.get_by_role("button", name="Remove Storm lantern").click()
    expect(customer.page.get_by_text("There is nothing in it yet")).to_be_visible()
