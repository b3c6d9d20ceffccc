"""A campaign, written and started in the admin; its worker is killed while the bar moves."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from launcher.servers.process import kill_group
from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.rig.processes import Processes
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
READERS = 400
SUBSCRIBE = """
INSERT INTO notifications_subscription (address, name, state)
SELECT 'reader' || n || '@journey.example.org', '', 'confirmed' FROM generate_series(1, %s) n
"""
# What was under way when its worker died is asked about after two minutes: they are over.
TIME_PASSES = """
UPDATE notifications_recipient SET sending_at = sending_at - interval '2 min'
WHERE state = 'sending';
UPDATE deferral_job SET next_at = now()
WHERE state = 'pending' AND sent_at IS NULL AND task = 'notifications.send_chunk'
"""
# Who subscribed in another journey gets it too.
WHOLE = re.compile(r"(40\d) of \1, 100 %")
WORDS = """# New prints, and the lantern walk

The *Slow Swell* is back, **in two sizes**.

- Lantern Walk: tickets from Friday
- The harbour café opens on Sunday

[Have a look](https://shop.example/)
"""


def test_a_campaign_is_written_started_and_whole_although_its_worker_was_killed(
    staff: Staff, shop: Processes, sandbox: Sandbox, album: Album
) -> None:
    with psycopg.connect(shop.env["DATABASE_URL"], autocommit=True) as database:
        database.execute(SUBSCRIBE, [READERS])
    inspection, page = Inspection(staff.page, album), staff.page
    staff.signs_in()
    for station in written_and_started(page):
        inspection.look(station)
    expect(page.get_by_text(re.compile(r"[1-9]\d* of 40\d"))).to_be_visible()
    kill_group(shop.named("mailings"))
    shop.named("mailings").wait()
    inspection.look("its-worker-killed")
    shop.start_again()

    with psycopg.connect(shop.env["DATABASE_URL"], autocommit=True) as database:
        while not page.get_by_text(WHOLE).is_visible():
            database.execute(TIME_PASSES)
            page.wait_for_timeout(500)
    expect(page.frame_locator("iframe").get_by_text("in two sizes")).to_be_visible()
    expect(page.locator("#campaign-progress")).to_contain_text("finished")
    inspection.look("finished")
    eventually(lambda: len(sandbox.mails("reader400@journey.example.org")) == 1)
    assert [len(sandbox.mails(f"reader{n}@journey.example.org")) for n in (1, 200, 399)] == [1] * 3
    assert not inspection.complaints, "\n".join(inspection.complaints)


def test_somebody_subscribes_and_confirms(
    customer: Customer, sandbox: Sandbox, album: Album
) -> None:
    inspection, page = Inspection(customer.page, album), customer.page
    for station in in_and_out(page, sandbox):
        inspection.look(station)

    assert not inspection.complaints, "\n".join(inspection.complaints)


def written_and_started(page: Page) -> Iterator[str]:
    """A draft, the question, the beginning."""
    page.goto("/admin/notifications/campaign/add/")
    page.get_by_label("Subject").fill("News from the quay")
    page.get_by_label("Words").fill(WORDS)
    page.get_by_label("Mails a minute").fill("6000")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("link", name="Start…")).to_be_visible()
    yield "draft"
    page.get_by_role("link", name="Start…").click()
    expect(page.get_by_text(re.compile(r"It goes to 40\d subscribers"))).to_be_visible()
    yield "asked"
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("is under way.")).to_be_visible()


def in_and_out(page: Page, sandbox: Sandbox) -> Iterator[str]:
    """The form, the mail, the button."""
    page.goto("/")
    page.get_by_role("link", name="Newsletter").click()
    yield "newsletter"
    page.get_by_label("E-mail").fill("ada@subscribes.example.org")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_text("Please look into your mailbox.")).to_be_visible()
    yield "asked"
    eventually(lambda: bool(sandbox.mails("ada@subscribes.example.org")))
    page.goto(sandbox.inbox)
    page.get_by_role("link", name="Please confirm: our newsletter").click()
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Confirm").click()
    theirs = opened.value
    theirs.get_by_role("button", name="Yes, send it to me").click()
    expect(theirs.get_by_text("You get our newsletter.")).to_be_visible()
    page.goto(theirs.url)
    yield "confirming"
