"""What a page does by itself: with a mouse, with the keyboard, and what it says meanwhile."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from shop.countdowns import counted, counted_in_an_alert
from tests.journeys.album import PHONE, Album
from tests.journeys.complaints import Complaints
from tests.journeys.conftest import Open
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer
from tests.rig.surroundings import ROOT

pytestmark = pytest.mark.xdist_group("journeys")
PLUS = "Put Harbour mug in the cart"
# The page stays as it is while an answer is waited for; what would have been sent is counted.
NOTHING_IS_SENT = """window.sent = 0; window.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) window.sent += 1;
    event.preventDefault();
})"""


def cart(page: Page, pieces: int) -> None:
    """So many are said to be in it."""
    expect(page.get_by_role("link", name=f"Cart {pieces}")).to_be_visible()


def news(page: Page) -> Locator:
    """What is said of a press."""
    return page.locator("#news[role=status]")


def test_plus_fills_the_cart_where_one_is_and_says_so(customer: Customer, album: Album) -> None:
    page = customer.page
    page.goto("/?category=home")
    page.evaluate("window.neverLeft = true")
    plus = page.get_by_role("button", name=PLUS)

    plus.click()
    cart(page, 1)
    expect(news(page)).to_have_text("Harbour mug is in your cart.")
    page.wait_for_timeout(600)  # two presses of one moment are one
    page.keyboard.press("Enter")  # it has the focus
    cart(page, 2)
    expect(news(page)).to_have_text("Harbour mug is in your cart, 2 of it.")

    assert page.evaluate("window.neverLeft")
    inspection = Inspection(page, album)
    inspection.look("said")
    assert not inspection.complaints


def test_a_double_click_is_one_press(customer: Customer) -> None:
    page = customer.page
    page.goto("/?category=home")
    page.get_by_role("button", name=PLUS).dblclick()

    cart(page, 1)
    page.wait_for_timeout(600)
    cart(page, 1)


def test_of_a_shop_that_cannot_be_reached_only_the_cart_knows_what_it_did(
    customer: Customer, complaints: Complaints
) -> None:
    page = customer.page
    page.goto("/?category=home")
    page.route("**/cart/add/", lambda route: route.abort("connectionrefused"))
    page.get_by_role("button", name=PLUS).click()

    expect(news(page)).to_contain_text("Please look into your cart")
    cart(page, 0)
    complaints.found.clear()


def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(customer: Customer) -> None:
    """The limit is fifteen seconds; here it is a fiftieth of it."""
    page = customer.page
    page.add_init_script("""const whole = AbortSignal.timeout.bind(AbortSignal);
        AbortSignal.timeout = (limit) => whole(limit / 50);""")
    page.goto("/?category=home")
    asked: list[Route] = []
    page.route("**/cart/add/", lambda route: asked.append(route))
    plus = page.get_by_role("button", name=PLUS)
    plus.click()

    expect(news(page)).to_contain_text("Please look into your cart")
    page.wait_for_timeout(600)  # two presses of one moment are one
    page.unroute("**/cart/add/")
    plus.click()
    cart(page, 1)
    assert len(asked) == 1


def test_without_javascript_plus_leads_back_to_the_same_page(new_context: Open) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/?category=home")
    page.get_by_role("button", name=PLUS).click()

    expect(page).to_have_url(re.compile(r"/\?category=home$"))
    cart(page, 1)
    expect(page.get_by_text("Harbour mug is in your cart.")).to_be_visible()


def test_pay_says_that_it_pays_is_pressed_once_and_comes_back_with_the_page(
    customer: Customer, album: Album
) -> None:
    page = customer.page
    customer.takes("Harbour mug")
    customer.goes_to_the_checkout()
    page.evaluate(NOTHING_IS_SENT)
    pay = page.locator("[data-busy]")
    words = pay.inner_text()
    pay.click()
    expect(pay).to_have_text("Paying…")
    page.keyboard.press("Enter")
    album.keep(page, "paying", sizes=[PHONE])
    assert page.evaluate("window.sent") == 1

    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(pay).to_have_text(words)
    pay.click()
    assert page.evaluate("window.sent") == 2


def test_the_first_wrong_field_has_the_focus_and_each_is_reached_from_above(
    new_context: Open, album: Album
) -> None:
    """Without JavaScript too: what the browser looks at by itself is let through."""
    page = new_context(java_script_enabled=False).new_page()
    customer = Customer(page)
    customer.takes("Slow Swell")
    customer.goes_to_the_checkout()
    page.get_by_label("Name", exact=True).fill(" ")
    page.get_by_label("Postcode").fill("12")
    customer.pays_with("Visa that works")

    expect(page.get_by_role("alert")).to_contain_text("2 things have to be put right first")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(page.get_by_label("Postcode")).to_have_accessible_description(
        re.compile("Postcodes in Germany mostly look another way")
    )
    album.keep(page, "wrong")
    page.get_by_label("Name", exact=True).fill("Ada")
    page.get_by_label("The address is right as it is written").check()
    customer.pays_with("Visa that works")
    customer.sees_everything_done()
    expect(page.get_by_text("12 WARNEMÜNDE")).to_be_visible()


def test_on_a_phone_products_are_on_the_first_screen_and_tickets_above_the_steps(
    new_context: Open, album: Album
) -> None:
    phone = new_context(viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)
    customer = Customer(phone.new_page(), by_touch=True)
    customer.page.goto("/")
    assert top_of(customer.page, ".card-text") < PHONE["height"]
    customer.takes("Lantern Walk")
    customer.buys()
    customer.sees_everything_done()

    assert top_of(customer.page, ".papers .button") < top_of(customer.page, ".steps")
    album.keep(customer.page, "tickets", sizes=[PHONE])


def top_of(page: Page, what: str) -> float:
    """Pixels from the top of the page to the first of them."""
    box = page.locator(what).first.bounding_box()
    assert box
    return box["y"]


def test_a_wait_counts_down_to_now_and_is_read_out_once(customer: Customer) -> None:
    page = customer.page
    body = (ROOT / "shop" / "templates" / "429.html").read_text()
    waits = counted(timedelta(seconds=63), due=None) + counted_in_an_alert(timedelta(seconds=3))
    whole = body.replace("{{ when }}", waits)
    page.route("**/waiting/", lambda route: route.fulfill(status=200, body=whole))
    page.goto("/waiting/")
    long, short = page.locator("[data-seconds='63.0']"), page.locator("[data-seconds='3.0']")
    read_out = page.locator("[data-spoken]")

    expect(long).to_have_text(re.compile(r"in (6[0-2]|5\d) s"))
    expect(short).to_have_text("now")
    expect(read_out).to_have_text("now")
    assert short.get_attribute("aria-hidden") == "true"
