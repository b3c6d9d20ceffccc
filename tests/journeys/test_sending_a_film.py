"""A film is sent from a product's page: over a line that breaks, after a reload, by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.album import Album
from tests.journeys.complaints import Complaints
from tests.journeys.inspection import Inspection
from tests.journeys.people import Staff
from tests.media.films.filming import film

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
PRODUCT = "Storm lantern"
# The product has one already where the other test came first.
FIRST_OR_ANOTHER = re.compile("^Send a")
# Bytes that a player passes over (a box of the type `free`): so a small film has a few parts.
PADDED = 10_000_000


@pytest.fixture
def pier(tmp_path: Path) -> Path:
    """Three parts of a film."""
    path = film(tmp_path, seconds=2, name="pier.mp4", picture="color=gray")
    with path.open("ab") as file:
        file.write(PADDED.to_bytes(4, "big") + b"free" + b"\0" * (PADDED - 8))
    return path


def test_a_film_is_sent_over_a_broken_line_and_after_a_reload(
    pier: Path, staff: Staff, album: Album, complaints: Complaints
) -> None:
    inspection, page = Inspection(staff.page, album), staff.page
    staff.signs_in()
    opens_the_page(page)
    inspection.look("nothing-yet")
    breaks_off(page, pier, inspection)
    page.reload()
    expect(page.get_by_text("pier.mp4 (")).to_be_visible()
    inspection.look("unfinished")
    goes_on(page, pier, inspection)
    assert not complaints.found
    is_refused(page)
    assert [one.rpartition(" ")[2] for one in complaints.found] == ["415"]
    complaints.found.clear()
    inspection.look("refused")
    assert not inspection.complaints, "\n".join(inspection.complaints)


def test_what_is_cancelled_is_discarded_or_it_is_said_that_it_is_not(
    pier: Path, staff: Staff, complaints: Complaints
) -> None:
    page = staff.page
    staff.signs_in()
    opens_the_page(page)
    is_away_for_a_while(page, pier)
    assert [one.rpartition(" ")[2] for one in complaints.found] == ["503"]
    complaints.found.clear()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status")).to_contain_text("could not be discarded yet")

    page.route("**/uploads/", cancelled_before_its_answer_comes)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Cancelled. Nothing of it is kept.")
    page.unroute("**/uploads/")
    page.reload()
    expect(page.get_by_label("File")).to_be_visible()
    expect(page.get_by_text("pier.mp4 (")).not_to_be_visible()


def is_away_for_a_while(page: Page, pier: Path) -> None:
    """The shop says why, and when to come back."""
    away = {"status": 503, "json": {"said": "It is away."}, "headers": {"Retry-After": "70"}}
    page.route("**/uploads/", lambda route: route.fulfill(**away))
    page.get_by_label("File").set_input_files(pier)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("It is away. Going on in 70 s.")
    page.unroute("**/uploads/")


def cancelled_before_its_answer_comes(route: Route) -> None:
    """It is begun there, and the page does not know yet."""
    answer = route.fetch()
    route.request.frame.page.get_by_role("button", name="Cancel").click()
    route.fulfill(response=answer)


def opens_the_page(page: Page) -> None:
    page.goto(f"/admin/shop/product/?q={PRODUCT}")
    page.get_by_role("link", name=PRODUCT).click()
    page.get_by_role("link", name="Film", exact=True).click()
    page.get_by_role("link", name=FIRST_OR_ANOTHER).click()
    expect(page.get_by_role("heading", name="Send a film")).to_be_visible()


def breaks_off(page: Page, pier: Path, inspection: Inspection) -> None:
    """The second part never gets through, however often it is sent."""
    sent: list[str] = []

    def second_breaks(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) > 1:
            route.abort("aborted")
        else:
            route.continue_()

    page.route("**/uploads/*/?room=*", second_breaks)
    page.get_by_label("File").set_input_files(pier)
    page.get_by_role("button", name="Send", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The line broke, going on in 3 s.")
    inspection.look("line-broken")
    page.unroute("**/uploads/*/?room=*")


def goes_on(page: Page, pier: Path, inspection: Inspection) -> None:
    """With the part that was missing."""
    sent: list[int] = []
    page.on(
        "request",
        lambda request: (
            sent.append(int(request.headers["upload-offset"])) if "room=" in request.url else None
        ),
    )
    page.get_by_label("File").set_input_files(pier)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".upload-last")).to_have_text("pier.mp4: it is here.")
    assert min(sent) > 0
    inspection.look("here")


def is_refused(page: Page) -> None:
    """In words, by what it is."""
    list_of_films = {"name": "b.mp4", "mimeType": "video/mp4", "buffer": b"#EXTM3U\n" * 99}
    page.get_by_label("File").set_input_files(list_of_films)  # type: ignore[arg-type]
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("This is a playlist")
    expect(page.get_by_label("File")).to_be_focused()
