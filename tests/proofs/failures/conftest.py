"""A shop to break, for each test anew."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import connection

from tests.rig.running_sandbox import Sandbox
from tests.rig.running_shop import RunningShop
from tests.rig.servers import HOME, POSTGRES


@pytest.fixture
def shop(transactional_db: None, outside: Sandbox) -> Iterator[RunningShop]:
    """The catalogue, an empty broker, the strangers, and no process yet."""
    call_command("seed", verbosity=0)
    with current_app.connection_for_write() as broker:
        broker.default_channel.client.flushall()  # type: ignore[attr-defined]  # Valkey's
    scratch = Path(tempfile.mkdtemp(dir=HOME))
    env = {
        "DATABASE_URL": POSTGRES.url(connection.settings_dict["NAME"]),
        "EXTRA_APPS": "tests.probes",
        "PROBE_DIR": str(scratch),
        "CRASH_GRACE": "0",  # crashes count from the first second
    }
    found = RunningShop(scratch=scratch, strangers=outside, env=env)
    yield found
    found.close()
