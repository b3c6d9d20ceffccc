"""What every test may use: the world outside, as one real process for the whole run."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from deferral.external import breakers
from deferral.pressure import levels
from deferral.warm import server
from sandbox.services import SERVICES
from tests.rig.caching import RunningCache, running_cache
from tests.rig.depth import THOROUGH, left_out
from tests.rig.emptying import empty_tables
from tests.rig.running_sandbox import Sandbox, ports_of_the_settings, running_sandbox
from tests.rig.servers import HOME
from tests.rig.starting import MARK

SEND_AWAY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
LONG = ("xdist_group", "timeout")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "at_home(cases): so many of its cases are tried at home")


def pytest_report_header() -> str:
    """So that nobody takes a share for the whole."""
    tried = "all of it" if THOROUGH else "a share of it; CI=true tries all"
    return f"storms, stories, deaths, nonsense, cases and views: {tried}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """At home, where no file is named, a share of each test's cases, and what takes long first."""
    if not THOROUGH and config.args_source is not config.ArgsSource.ARGS:
        without = left_out(items, int(config.getoption("randomly_seed", 0)))
        config.hook.pytest_deselected(items=[*without])
        items[:] = [item for item in items if item not in without]
    in_order(items)


def in_order(items: list[pytest.Item]) -> None:
    """What takes long begins first, and the last are short: at the end nobody waits for one test.

    Whatever starts processes mostly waits for them, so it stands among those that compute.
    """
    items.sort(key=lambda item: [item.get_closest_marker(mark) is None for mark in LONG])
    last = len(items) * 3 // 4
    items[last:] = sorted(items[last:], key=lambda item: item.get_closest_marker(MARK) is None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Whoever is still connected in the end is sent away: a thread that is over and not collected,
    a process that was killed a moment ago. PostgreSQL deletes no database that somebody uses.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(SEND_AWAY)


@pytest.fixture(scope="session", autouse=True)
def _hashed_at_once() -> Iterator[None]:
    """Passwords made here are hashed as ever, in fewer rounds: each takes 0.3 s otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PBKDF2PasswordHasher, "iterations", 1_000)
        yield


@pytest.fixture(scope="session", autouse=True)
def _emptied_at_once() -> Iterator[None]:
    """Whatever a test has committed is gone before the next one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_tables())
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What the tests' own process has read of breakers and queues is of the test before."""
    breakers.forget()
    levels.forget()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For as long as a file's own shop stands, which has it override `transactional_db`.

    pytest-django makes a database only where a test asks for one by that name.
    """
    with django_db_blocker.unblock():
        yield
        # Numbers go on: the external services remember every key that has an order's number in it.
        empty_tables()


@pytest.fixture
def cache(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningCache]:
    """An empty one, for pages that are kept warm: no other test has one. Tests are patient with it:
    a machine may be busy.
    """
    monkeypatch.setattr(server, "SILENCE", 20.0)
    monkeypatch.setattr(server, "WHOLE", 20.0)
    with running_cache() as running:
        settings.CACHE_URL = running.url
        yield running


@pytest.fixture(scope="session")
def sandbox_process(starts_processes: None) -> Iterator[Sandbox]:
    """The sandbox at the addresses that the settings name."""
    with running_sandbox(HOME / "sandbox", ports=ports_of_the_settings()) as running:
        yield running


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Iterator[Sandbox]:
    """The same, every fault healed afterwards."""
    yield sandbox_process
    for name in SERVICES:
        sandbox_process.fault(name, mode="ok")
