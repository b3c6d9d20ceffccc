"""A shop to break: for each test anew, or one for a file whose tests leave it whole."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.rig.emptying import empty_broker
from tests.rig.running_sandbox import Sandbox
from tests.rig.running_shop import RunningShop
from tests.rig.servers import database_url, scratch_folder
from tests.rig.stocking import stock_shop


@contextmanager
def a_shop(sandbox_process: Sandbox) -> Iterator[RunningShop]:
    """The catalogue, an empty broker, the external services, and no process yet."""
    stock_shop()
    empty_broker()
    scratch = scratch_folder()
    env = {
        "DATABASE_URL": database_url(),
        "EXTRA_APPS": "tests.probes",
        "PROBE_DIR": str(scratch),
        "CRASH_GRACE": "0",  # crashes count from the first second
    }
    found = RunningShop(scratch=scratch, sandbox=sandbox_process, env=env)
    yield found
    found.end()


@pytest.fixture
def shop(transactional_db: None, sandbox: Sandbox) -> Iterator[RunningShop]:
    """Of this test alone."""
    with a_shop(sandbox) as found:
        yield found


@pytest.fixture(scope="module")
def shared_shop(transactional_db: None, sandbox_process: Sandbox) -> Iterator[RunningShop]:
    """Of a file, which starts its processes once, is an `xdist_group` and has `module_db`.

    Rows stay from test to test: whoever counts them counts from what there was before.
    """
    with a_shop(sandbox_process) as found:
        yield found
