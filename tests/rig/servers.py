"""One PostgreSQL, one Valkey and one set of addresses for the whole test run (a pytest plugin).

The addresses stand in the environment before Django reads its settings; the servers start with the
session and end with it. Nothing has to be set up by hand, and nothing of a running shop is touched.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from launcher.servers.postgres import Postgres
from launcher.servers.server import running
from launcher.servers.sockets import socket_dir
from launcher.servers.valkey import Valkey
from tests.rig.surroundings import surroundings

HOME = Path(tempfile.mkdtemp(prefix="halyard-tests-"))
RUN = socket_dir(HOME)
# Nothing here is to survive a power cut, nor is it copied. What kills processes needs no fsync.
POSTGRES = Postgres(
    HOME / "postgres",
    RUN,
    {
        "fsync": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "jit": "off",
        "max_connections": "200",
        "max_prepared_transactions": "2",
    },
)
VALKEY = Valkey(HOME / "valkey", RUN)
ENVIRONMENT = surroundings(HOME, database=POSTGRES.url(), broker=VALKEY.url()) | {
    "SANDBOX_PROFILE": "fast",
    "PAYMENT_TIMEOUT": "3",
}
os.environ.update(ENVIRONMENT)
_SERVERS = ExitStack()


def scratch_folder() -> Path:
    """For one shop's sockets and logs. Short, as a socket's address has to be."""
    return Path(tempfile.mkdtemp(dir=HOME))


def database_url() -> str:
    """Of the tests' own database, for processes of its shop."""
    return POSTGRES.url(str(connection.settings_dict["NAME"]))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start both before the first test asks for them: a pair for each process that runs tests."""
    if session.config.getoption("dist") != "no" and not hasattr(session.config, "workerinput"):
        return
    for server in (POSTGRES, VALKEY):
        _SERVERS.enter_context(running(server))


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _SERVERS.close()
    shutil.rmtree(HOME, ignore_errors=True)
    shutil.rmtree(RUN, ignore_errors=True)
