"""Photos are added to a product, watched while they are made, put in order, seen in the shop."""

import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Position, expect

from tests.journeys.album import DESKTOP, Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.media.drawn import SVG, exif, two_colours, written
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
PRODUCT = "Storm lantern"
# More than any other form may send.
LARGE = 2_700_000
# Of a line: at its heading.
HANDLE: Position = {"x": 280, "y": 24}


def noisy(width: int, height: int) -> bytes:
    """A photo as large as a camera's."""
    grains = Image.effect_noise((width, height), 90).convert("RGB")
    image = Image.blend(two_colours(width, height), grains, 0.4)
    return written(image, quality=96, exif=exif(6)).read()


def file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_photos_are_added_put_in_order_and_seen_in_the_shop(
    staff: Staff, customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    inspection, page = Inspection(staff.page, album), staff.page
    staff.signs_in()
    opens_pictures(page)
    inspection.look("none-yet")
    adds(page)
    inspection.look("being-made")
    expect(page.locator(".picture-list picture img")).to_have_count(3)
    expect(page.locator(".picture-list [hx-get]")).to_have_count(0)
    puts_in_order(page)
    describes(page)
    inspection.look("made")

    shown = Inspection(customer.page, album)
    sees_in_the_shop(customer.page, shown)
    eventually(lambda: len(sandbox.mails("harbour@halyard.example")) >= 1)
    assert not inspection.complaints + shown.complaints, "\n".join(
        inspection.complaints + shown.complaints
    )


def opens_pictures(page: Page) -> None:
    page.goto(f"/admin/shop/product/?q={PRODUCT}")
    page.get_by_role("link", name=PRODUCT).click()
    page.get_by_role("link", name="Pictures").click()
    expect(page.get_by_text("It has no picture yet")).to_be_visible()


def adds(page: Page) -> None:
    """All at once; one is refused, in words."""
    photo = noisy(2600, 1950)
    assert len(photo) > LARGE
    plain = written(two_colours(900, 900)).read()
    low = written(two_colours(800, 300), "PNG").read()
    files = [("pier.jpg", photo), ("mug.jpg", plain), ("low.png", low), ("drawing.jpg", SVG)]
    page.get_by_label("Add pictures").set_input_files([file(*each) for each in files])  # type: ignore[arg-type]
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Drawing.jpg: This is an SVG drawing")).to_be_visible()
    expect(order(page)).to_have_text(["pier.jpg", "mug.jpg", "low.png"])


def order(page: Page) -> Locator:
    return page.locator(".picture-list h2")


def puts_in_order(page: Page) -> None:
    """By keyboard, and by drag, with all of them in sight."""
    page.set_viewport_size({"width": 1280, "height": 2000})
    page.get_by_role("button", name="Move mug.jpg forward").focus()
    page.keyboard.press("Enter")
    expect(order(page)).to_have_text(["mug.jpg", "pier.jpg", "low.png"])
    lines = page.locator(".picture-list > li")
    lines.nth(2).drag_to(lines.nth(0), source_position=HANDLE, target_position=HANDLE)
    expect(order(page)).to_have_text(["low.png", "mug.jpg", "pier.jpg"])
    lines.nth(1).drag_to(lines.nth(0), source_position=HANDLE, target_position=HANDLE)
    expect(order(page)).to_have_text(["mug.jpg", "low.png", "pier.jpg"])
    page.set_viewport_size(DESKTOP)


def describes(page: Page) -> None:
    page.get_by_label("What it shows").first.fill("A mug on the pier")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Picture described: mug.jpg")).to_be_visible()


def sees_in_the_shop(page: Page, inspection: Inspection) -> None:
    """In the best format there is, at the size that is needed."""
    page.goto("/")
    card = page.locator(".card", has_text=PRODUCT)
    card.scroll_into_view_if_needed()
    image = card.locator("picture img")
    expect(image).to_have_js_property("complete", value=True)
    assert re.search(r"/pictures/\w+/320-\w+\.avif$", image.evaluate("one => one.currentSrc"))
    inspection.look("catalogue")
    card.get_by_role("link", name=PRODUCT).click()
    expect(page.get_by_alt_text("A mug on the pier")).to_be_visible()
    inspection.look("product")
