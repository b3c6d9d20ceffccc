"""Somebody of the staff makes a product, looks at its page, sells it, and brings a whole file."""

import re
from collections.abc import Iterator
from itertools import chain

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.rig.depth import thorough

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
HEAD = "SKU;Title;Category;Price;Supplier;On sale;Description"
ROWS = [f"JO-{n:03};Größe {n};home;{n},50 €;warehouse;ja;Words" for n in range(1, 301)]
WRONG = ["JO-900;Free of charge?;home;dear;warehouse;ja;", "JO-901;Nobody's;home;1;;ja;"]


@thorough
def test_a_product_is_made_looked_at_and_sold_and_a_file_of_them_is_imported(
    staff: Staff, customer: Customer, album: Album
) -> None:
    inspection, page = Inspection(staff.page, album), staff.page
    staff.signs_in()
    for station in chain(made(page), brought(page)):
        inspection.look(station)
    customer.takes("Ebb at night")
    customer.page.goto("/?q=Gr%C3%B6%C3%9Fe+17")
    expect(customer.page.get_by_role("heading", name="Größe 17", exact=True)).to_be_visible()

    assert not inspection.complaints, "\n".join(inspection.complaints)


def box(page: Page, name: str) -> Locator:
    """What one types into under this name, and no box around it."""
    return page.get_by_role("textbox", name=f"{name}:", exact=True)


def made(page: Page) -> Iterator[str]:
    """Unfinished, refused with sentences, looked at, finished."""
    page.goto("/admin/shop/product/add/")
    box(page, "Title").press_sequentially("Ebb at night")
    box(page, "Sku").fill("PR-700")
    page.get_by_label("Category").select_option("Prints")
    box(page, "Price").fill("1,234")
    page.get_by_label("On sale").check()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("Write a price in euros, like 24.50 or 24,50.")).to_be_visible()
    expect(box(page, "Slug")).to_have_value("ebb-at-night")
    yield "refused"
    box(page, "Price").fill("24,50")
    page.get_by_label("On sale").uncheck()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(box(page, "Price")).to_have_value("24.50")
    yield "off-sale"
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_text("Choose who hands it out")).to_be_visible()
    yield "preview"
    page.get_by_role("link", name="Back to the product").click()
    page.get_by_label("Supplier").select_option("Print room")
    page.get_by_label("On sale").check()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    yield "on-sale"


def brought(page: Page) -> Iterator[str]:
    """As a German Excel saves it, with two mistakes."""
    content = "\r\n".join([HEAD, *ROWS, *WRONG]).encode("cp1252")
    page.goto("/admin/shop/product/")
    page.get_by_role("link", name="Import…").click()
    yield "upload"
    too_large = {"name": "large.csv", "mimeType": "text/csv", "buffer": b"x" * 10_485_761}
    page.get_by_label("CSV file").set_input_files(files=[too_large])  # type: ignore[arg-type]
    said = page.get_by_label("CSV file").evaluate("field => field.validationMessage")
    assert "A file has at most" in said
    file = {"name": "products.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("CSV file").set_input_files(files=[file])  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("link", name="Import…")).to_be_visible()
    page.reload()
    expect(page.get_by_text("300 new, 0 changed, 0 as they are, 2 left out.").first).to_be_visible()
    expect(page.get_by_text("Windows-1252, separated by semicolons")).to_be_visible()
    yield "looked-at"
    page.get_by_role("link", name="Import…").click()
    expect(page.get_by_text(re.compile("300 new, 0 changed"))).to_be_visible()
    yield "confirm"
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("is being imported.")).to_be_visible()
    expect(page.get_by_role("link", name="Show what was found")).to_be_visible()
    page.reload()
    expect(page.get_by_text("imported", exact=True)).to_be_visible()
    yield "imported"
    page.goto("/admin/shop/productimport/")
    yield "imports"
