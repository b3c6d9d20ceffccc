"""A film of a product is watched while it is made, given captions, and played in the shop."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.album import Album
from tests.journeys.inspection import Inspection
from tests.journeys.people import Customer, Staff
from tests.media.films.filming import film
from tests.rig.depth import thorough
from tests.rig.processes import Processes
from tests.rig.surroundings import ROOT
from tests.rig.waiting import eventually

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(300)]
PRODUCT = "Coast Path North"
# What no page of this journey does: a film comes in as `media.services.receive` takes one.
ATTACH = """
import sys
from media.services import receive
from shop.films import attach_film
from shop.models import Product
with open({path!r}, "rb") as file:
    asset = receive(file, name="harbour.mp4")
attach_film(asset, product_id=Product.objects.get(title={title!r}).pk)
"""
WORDS = "WEBVTT\n\n00:00.000 --> 00:03.000\nGood morning.\n\n00:05.000 --> 00:08.000\nGood night.\n"
SECONDS = 8
# Where a player is, once it has that picture, and what stands under it.
SAID = "one => [one.seeking ? 0 : one.currentTime, one.textTracks[0].activeCues?.[0]?.text]"


@thorough
def test_a_film_is_made_captioned_and_played(
    staff: Staff, customer: Customer, shop: Processes, album: Album, tmp_path: Path
) -> None:
    inspection, page = Inspection(staff.page, album), staff.page
    staff.signs_in()
    opens_film(page)
    inspection.look("none-yet")
    attach(shop, film(tmp_path, seconds=SECONDS, size="1280x720"))
    page.reload()
    inspection.look("being-made")
    expect(page.locator(".made-sizes a")).to_have_text(["480p", "720p"])
    expect(page.locator(".made[hx-get]")).to_have_count(0)
    expect(page.locator("#made-heading .pill")).to_have_text("Ok")
    captions(page, inspection)
    inspection.look("made")

    shown = Inspection(customer.page, album)
    customer.finds(PRODUCT)
    shown.look("in-the-shop")
    plays_and_jumps(customer.page)
    shown.look("played")
    assert not inspection.complaints + shown.complaints, "\n".join(
        inspection.complaints + shown.complaints
    )


def attach(shop: Processes, path: Path) -> None:
    code = ATTACH.format(path=str(path), title=PRODUCT)
    command = [sys.executable, "manage.py", "shell", "-c", code]
    subprocess.run(command, check=True, env=os.environ | shop.env, cwd=ROOT)  # noqa: S603  ours


def opens_film(page: Page) -> None:
    page.goto(f"/admin/shop/product/?q={PRODUCT}")
    page.get_by_role("link", name=PRODUCT).click()
    page.get_by_role("link", name="Film", exact=True).click()
    expect(page.get_by_text("It has no film yet")).to_be_visible()


def captions(page: Page, inspection: Inspection) -> None:
    """The first file is none."""
    brings(page, WORDS.replace("00:00.000", "00:00,000"))
    expect(page.get_by_text("Line 3: Times have a point")).to_be_visible()
    inspection.look("refused")
    brings(page, WORDS)
    expect(page.get_by_text("Captions kept: harbour.mp4")).to_be_visible()


def brings(page: Page, words: str) -> None:
    file = FilePayload(name="words.vtt", mimeType="text/vtt", buffer=words.encode())
    page.get_by_label("WebVTT file").set_input_files([file])
    page.get_by_role("button", name="Add captions").click()


def plays_and_jumps(page: Page) -> None:
    """To a second that is not its turn, with the words of that second."""
    video = page.locator(".film video")
    video.evaluate("one => { one.muted = true; return one.play() }")
    eventually(lambda: video.evaluate("one => one.currentTime") > 0)
    video.evaluate("one => { one.pause(); one.textTracks[0].mode = 'showing' }")
    video.evaluate("one => { one.currentTime = 6 }")
    eventually(lambda: video.evaluate(SAID) == [6, "Good night."])
