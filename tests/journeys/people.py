"""Who uses the shop, and what they do there, by what they read on the page."""

import re
import time
from dataclasses import dataclass
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page, expect

# Of the demonstration's login, `harbour@halyard.example`.
PASSWORD = "below deck"
# Milliseconds: whatever a page waits for may happen in the background, on a busy machine;
# a mail that was refused three times is tried again half a minute later.
expect.set_options(timeout=60_000)


@dataclass
class Customer:
    """Somebody in the shop."""

    page: Page
    email: str = "ada@example.org"
    by_touch: bool = False

    def presses(self, what: Locator) -> None:
        """With the mouse or a finger."""
        if self.by_touch:
            what.tap()
        else:
            what.click()

    def finds(self, title: str) -> None:
        """Search for it, and open its page."""
        if self.page.url == "about:blank":
            self.page.goto("/")
        self.page.get_by_role("searchbox", name="Search").fill(title)
        self.page.keyboard.press("Enter")
        self.presses(self.page.get_by_role("link", name=title, exact=True))

    def takes(self, title: str, quantity: int = 1) -> None:
        """Find it, put it in the cart, which is what comes next."""
        self.finds(title)
        if quantity > 1:
            self.page.get_by_label("Quantity").fill(str(quantity))
        self.presses(self.page.get_by_role("button", name="Put in the cart"))
        expect(self.page.get_by_role("heading", name="Your cart")).to_be_visible()

    def takes_a_mixed_basket(self) -> None:
        """Something to send, something to go to, something to have at once."""
        self.takes("Slow Swell")
        self.takes("Lantern Walk", 3)
        self.takes("Low Tide")

    def goes_to_the_checkout(self) -> None:
        """From the cart; fill in who and where."""
        self.presses(self.page.get_by_role("button", name="Check out"))
        self.page.get_by_label("Name", exact=True).fill("Ada Lovelace")
        self.page.get_by_label("E-mail").fill(self.email)
        if self.page.get_by_label("Address", exact=True).count():  # something is carried there
            self.page.get_by_label("Address", exact=True).fill("1 Quay Street")
            self.page.get_by_label("Postcode").fill("18119")
            self.page.get_by_label("Town").fill("Warnemünde")

    def pays_with(self, card: str) -> None:
        """The card is a choice; then the button."""
        self.page.get_by_label(card).check()
        self.presses(self.page.get_by_role("button", name="Pay"))

    def buys(self) -> str:
        """From the full cart to the order; its number."""
        self.goes_to_the_checkout()
        self.pays_with("Visa that works")
        return self.number()

    def number(self) -> str:
        """The order whose page this is."""
        expect(self.page).to_have_url(re.compile(r"/orders/H-\d+/"))
        found = re.search(r"H-\d+", self.page.url)
        assert found
        return found[0]

    def opens(self, part: Locator) -> list[bytes]:
        """Every file that a part of the page leads to."""
        links = part.get_by_role("link").all()
        addresses = [urljoin(self.page.url, link.get_attribute("href")) for link in links]
        return [self.page.request.get(address).body() for address in addresses]

    def opens_mail(self, inbox: str, number: str) -> None:
        """The confirmation, in the inbox."""
        self.page.goto(inbox)
        self.page.get_by_role("link", name=f"Your order {number}").click()

    def step(self, name: str) -> Locator:
        """One line of what is happening."""
        return self.page.locator(f"[data-step='{name}']")

    def sees(self, name: str, state: str) -> None:
        """That the step is there by itself, sooner or later."""
        expect(self.step(name)).to_have_attribute("data-state", state)

    def sees_everything_done(self) -> None:
        """Each step, and there are some: a list that says it is done has them all.

        The page may go on asking after that: a parcel takes longer.
        """
        self.number()  # the page before has no steps either
        expect(self.page.locator(".steps[data-state='done']")).to_be_visible()
        open_steps = self.page.locator("[data-step]:not([data-state='done'])")
        expect(open_steps).to_have_count(0)
        assert self.page.locator("[data-step]").count() > 4


@dataclass
class Staff:
    """Somebody in the admin."""

    page: Page

    def signs_in(self) -> None:
        """As the demonstration's user."""
        self.page.goto("/admin/")
        self.page.get_by_label("E-mail address").fill("harbour@halyard.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()

    def opens_order(self, number: str) -> None:
        """Find it in the list."""
        self.page.goto(f"/admin/orders/order/?q={number}")
        self.page.get_by_role("link", name=number).first.click()

    def opens_job(self, number: str, key: str) -> None:
        """From its order."""
        self.opens_order(number)
        self.page.get_by_role("link", name=re.compile(f"^{key}")).first.click()

    def sees_done(self, number: str, key: str) -> None:
        """The order's job of this kind, looked at again until it is."""
        done = self.page.get_by_role("row", name=key).get_by_text("done")
        self.opens_order(number)
        until = time.monotonic() + 30
        while not done.count() and time.monotonic() < until:
            self.page.reload()
        assert done.count()
