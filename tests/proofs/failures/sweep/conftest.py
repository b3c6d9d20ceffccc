"""One shop for a whole sweep: what dies in one test is alive again before the next."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command

from tests.proofs.failures.broker import Broker
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_sandbox import Sandbox
from tests.rig.servers import RUN, database_url, scratch_folder


@pytest.fixture(scope="module")
def transactional_db(module_db: None) -> None:
    """For the whole sweep."""


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    """One that may be killed."""
    home = scratch_folder()
    found = Broker(home / "valkey", RUN / home.name[-4:])
    yield found
    found.close()


@pytest.fixture(scope="module")
def open_shop(
    transactional_db: None, broker: Broker, sandbox_process: Sandbox
) -> Iterator[VisitedShop]:
    """The catalogue, and the processes: web, relay, workers."""
    call_command("seed", verbosity=0)
    scratch = scratch_folder()
    env = {
        "DATABASE_URL": database_url(),
        "CRASH_GRACE": "0",  # crashes count from the first second
        "AI_URL": f"{sandbox_process.url}/ai",
        "AI_KEY": "sandbox",
        "AI_MODEL": "sandbox",
        **broker.env,
    }
    found = VisitedShop(scratch=scratch, sandbox=sandbox_process, env=env, broker=broker)
    env["CRASHPOINT"] = str(found.crash_folder("child"))
    try:
        found.open()
        yield found
    finally:
        found.end()


@pytest.fixture
def shop(open_shop: VisitedShop, sandbox: Sandbox) -> Iterator[VisitedShop]:
    """The same, tidied up before and after."""
    open_shop.tidy()
    yield open_shop
    open_shop.tidy()
