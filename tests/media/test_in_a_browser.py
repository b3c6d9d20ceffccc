"""A shop whose files are in a bucket, in a real browser: what a script of its pages may read."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from reports.models import Document
from tests.journeys.chromium import chromium_or_skip
from tests.media.conftest import Write
from tests.rig.depth import thorough
from tests.rig.processes import Processes
from tests.rig.s3 import KEY, SECRET, S3Server
from tests.rig.servers import database_url, scratch_folder
from tests.rig.surroundings import ROOT

pytestmark = [thorough, pytest.mark.timeout(300), pytest.mark.django_db(transaction=True)]

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"]
READ = """address => fetch(address).then(
    async answer => [answer.url, await answer.text()], error => [error.name, ""])"""
REFUSED_BY = """address => new Promise(tell => {
    document.addEventListener("securitypolicyviolation", event => tell(event.effectiveDirective));
    fetch(address).catch(() => {}) })"""


@pytest.fixture
def chromium() -> str:
    """Asked for first: without a browser no server is started."""
    return chromium_or_skip(os.environ)


@pytest.fixture
def variables(chromium: str, bucket: Any, s3_server: S3Server, tmp_path: Path) -> dict[str, str]:
    """Of a shop with this bucket."""
    return {
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(tmp_path),
        "MEDIA_STORAGE": "s3",
        "BUCKET_NAME": bucket.bucket,
        "BUCKET_URL": s3_server.url,
        "BUCKET_KEY_ID": KEY,
        "BUCKET_SECRET": SECRET,
    }


@pytest.fixture
def shop(starts_processes: None, variables: dict[str, str]) -> Iterator[Processes]:
    """Its web alone."""
    processes = Processes(scratch=scratch_folder(), env=variables)
    processes.serve()
    yield processes
    processes.end()


@pytest.fixture
def link(variables: dict[str, str], write: Write) -> str:
    """What a customer's mail has: the receipt, which is in the bucket, and the order's token."""
    found = write()
    Document.objects.update(filename="receipt.pdf", kind=Document.Kind.RECEIPT)
    path = reverse("reports:document", args=[found.order.number, found.key])
    return f"{path}?token={found.order.link_token}"


@pytest.fixture
def page(link: str, shop: Processes, chromium: str) -> Iterator[Page]:
    """The last of the fixtures: with Playwright's loop nothing may ask the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser.new_page(base_url=shop.address)
        browser.close()


def test_a_script_of_ours_reads_from_the_bucket_once_that_was_told_and_from_nobody_else(
    page: Page, link: str, variables: dict[str, str]
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/")

    assert page.evaluate(READ, link) == ["TypeError", ""]
    assert any("CORS policy" in text for text in said)
    assert not any("Content Security Policy" in text for text in said)
    command = [sys.executable, "manage.py", "prepare_bucket"]
    subprocess.run(command, cwd=ROOT, env=os.environ | variables, check=True)  # noqa: S603  ours
    address, text = page.evaluate(READ, link)

    assert text == "paper"
    assert f"http://{urlsplit(address).netloc}" == variables["BUCKET_URL"]
    assert page.evaluate(REFUSED_BY, "http://127.0.0.1:9/") == "connect-src"
