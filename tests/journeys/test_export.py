"""An export, asked for in the admin; the child that writes it is killed while its bar moves."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from launcher.workers import Worker
from tests.bench.parts.exports.filling import FILL
from tests.bench.processes import children
from tests.journeys.album import DESKTOP, Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Staff
from tests.rig.depth import thorough
from tests.rig.processes import Processes

pytestmark = [thorough, pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
# A thousand parts of the least size: some seconds, in which there is something to see.
ORDERS, PARTS = 100_000, {"EXPORT_PART_ROWS": "100"}
BULK = Worker("bulk", "bulk", 1)
ROWS = "progress[aria-labelledby$='-2']"  # the second step
TICK = 100  # milliseconds
LONGEST = 90_000  # milliseconds, for all of its parts
# As if it had been asked for long ago: otherwise the second would be the first.
LONG_AGO = "UPDATE reports_export SET fingerprint = ''"


@pytest.fixture
def orders(shop: Processes) -> Iterator[psycopg.Connection]:
    """Many; and a worker that reads few of them at once."""
    with psycopg.connect(shop.env["DATABASE_URL"], autocommit=True) as database:
        database.execute(FILL, {"first": 1, "of": ORDERS})
        shop.end_one(shop.named("bulk"))
        writes = shop.celery(BULK, **PARTS)
        shop.ready()
        yield database
        shop.end_one(writes)
        shop.celery(BULK)
        database.execute("DELETE FROM orders_order WHERE number LIKE 'B-%'")


def test_an_export_whose_worker_is_killed_goes_on_where_its_bar_was_and_is_the_same_file(
    staff: Staff, shop: Processes, orders: psycopg.Connection, album: Album
) -> None:
    inspection, page = Inspection(staff.page, album), staff.page
    staff.signs_in()
    asks(page)
    before = watched(page, until=lambda value: value >= 10)
    struck = kill_child(shop)
    album.keep(page, "its-worker-killed", sizes=[DESKTOP])
    after = watched(page, until=lambda value: value == 100)
    disturbed = downloads(page)
    inspection.look("ready")

    assert struck >= 1
    assert moved([*before, *after])
    assert min(after) >= before[-1]
    orders.execute(LONG_AGO)
    asks(page)
    assert downloads(page) == disturbed
    assert disturbed.count(b"\n") > ORDERS
    assert not inspection.complaints, "\n".join(inspection.complaints)


def asks(page: Page) -> None:
    """From the list of orders to the export's page."""
    page.goto("/admin/orders/order/")
    page.get_by_role("link", name="Export…").click()
    page.get_by_label("CSV", exact=True).check()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()


def watched(page: Page, *, until: Callable[[int], bool]) -> list[int]:
    """What the bar of the rows has shown, in its order, without anybody's doing."""
    bar, seen = page.locator(ROWS), list[int]()
    expect(bar).to_be_visible()
    while not seen or not until(seen[-1]):
        seen.append(int(bar.get_attribute("value") or 0))
        page.wait_for_timeout(TICK)
    return seen


def moved(seen: list[int]) -> bool:
    """Forwards alone, and by more than one step."""
    return seen == sorted(seen) and len(set(seen)) >= 4


def kill_child(shop: Processes) -> int:
    """SIGKILL to who writes; return how many that were."""
    struck = 0
    for pid in children(shop.named("bulk").pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            struck += 1
    return struck


def downloads(page: Page) -> bytes:
    """The file, once its link is there."""
    with page.expect_download(timeout=LONGEST) as saved:
        page.get_by_role("link", name="Download").click(timeout=LONGEST)
    return Path(saved.value.path()).read_bytes()
