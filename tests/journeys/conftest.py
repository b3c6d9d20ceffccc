"""A browser, and a shop of its own for all journeys of this process.

Playwright keeps an event loop running in the test's thread, where Django refuses its database. So
browser and shop last as long as this package does, not the session, and no journey asks Django:
what is true stands on the pages and in the external services' journals.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.journeys.album import Album
from tests.journeys.chromium import chromium_or_skip
from tests.journeys.complaints import Complaints
from tests.journeys.people import PASSWORD, Customer, Staff
from tests.rig.emptying import empty_broker
from tests.rig.processes import Processes
from tests.rig.running_sandbox import PORT_NAMES, Sandbox, running_sandbox
from tests.rig.servers import POSTGRES, scratch_folder
from tests.rig.surroundings import ROOT

# As root there is no sandbox; a container's /dev/shm is small; nothing but the shop is called.
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Open = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Asked for first: without a browser no shop is started."""
    return chromium_or_skip(os.environ)


@pytest.fixture(scope="package")
def sandbox_process(starts_processes: None, chromium: str) -> Iterator[Sandbox]:
    """Books of their own: orders are numbered anew in another database."""
    with running_sandbox(scratch_folder()) as running:
        yield running


@pytest.fixture(scope="package")
def shop(sandbox_process: Sandbox) -> Iterator[Processes]:
    """The whole shop, with the catalogue and an empty broker, in a database of its own."""
    ports = {name: sandbox_process.env[name] for name in PORT_NAMES}
    ours = {
        **{f"{name}_URL": f"{sandbox_process.url}/{name.lower()}" for name in ("AI", "SMS")},
        "AI_KEY": "sandbox",
        "AI_MODEL": "sandbox",
        "AI_PRICE_IN": "15",
        "AI_PRICE_OUT": "60",
        "SMS_KEY": "sandbox",
        "WEBHOOK_PRIVATE_HOSTS": f"127.0.0.1:{ports['SANDBOX_PORT']}",
        "DEMO_PASSWORD": PASSWORD,
    }
    env = {"DATABASE_URL": POSTGRES.url("journeys"), **ours, **ports}
    processes = Processes(scratch=scratch_folder(), env=env)
    with psycopg.connect(POSTGRES.url(), autocommit=True) as database:
        database.execute("CREATE DATABASE journeys")
        processes.prepare()
        empty_broker()
        processes.open()
        yield processes
        processes.end()
        database.execute("DROP DATABASE journeys WITH (FORCE)")


@pytest.fixture(scope="package")
def playwright(shop: Processes) -> Iterator[Playwright]:
    """Ended before the shop is: what comes after may ask Django again."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium: str
) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": chromium, "args": FLAGS}


@pytest.fixture(scope="package")
def browser(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    started = playwright.chromium.launch(**browser_type_launch_args)
    yield started
    started.close()


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    address = f"http://127.0.0.1:{os.environ['WEB_PORT']}"
    return {"base_url": address, "locale": "en-GB"}


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """No page may fail in the background: the test does then."""
    seen = Complaints()
    yield seen
    assert not seen.found, "\n".join(dict.fromkeys(seen.found))


@pytest.fixture
def new_context(new_context: Open, complaints: Complaints) -> Open:
    """A browser of somebody's own, watched."""

    def opened(**options: Any) -> BrowserContext:
        context = new_context(**options)
        complaints.watch(context)
        return context

    return opened


@pytest.fixture
def customer(new_context: Open) -> Customer:
    """Ada, at home."""
    return Customer(new_context().new_page())


@pytest.fixture
def staff(new_context: Open) -> Staff:
    """Somebody of the staff."""
    return Staff(new_context().new_page())


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    """Pictures of this test's stations, kept in ARTEFACTS."""
    folder = Path(os.environ.get("ARTEFACTS") or ROOT / ".artefacts" / "screenshots")
    return Album(folder / request.node.originalname.removeprefix("test_"))
