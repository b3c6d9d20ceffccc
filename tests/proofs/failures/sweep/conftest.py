"""One shop for a whole sweep: what dies in one test is alive again before the next."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.proofs.failures.broker import Broker
from tests.proofs.failures.sweep.supervised_shop import SupervisedShop
from tests.rig.emptying import empty_tables
from tests.rig.running_sandbox import Sandbox
from tests.rig.servers import HOME, POSTGRES, RUN


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's, for as long as the shop stands."""
    with django_db_blocker.unblock():
        yield
        # Numbers go on: the strangers remember every key that has an order's number in it.
        empty_tables()


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    """One that may be killed."""
    home = Path(tempfile.mkdtemp(dir=HOME))
    found = Broker(home / "valkey", RUN / home.name[-4:])
    yield found
    found.close()


@pytest.fixture(scope="module")
def standing(
    transactional_db: None, broker: Broker, strangers: Sandbox
) -> Iterator[SupervisedShop]:
    """The catalogue, and the processes: web, relay, worker."""
    call_command("seed", verbosity=0)
    scratch = Path(tempfile.mkdtemp(dir=HOME))
    (crash := scratch / "crash").mkdir()
    env = {
        "DATABASE_URL": POSTGRES.url(connection.settings_dict["NAME"]),
        "CRASH_GRACE": "0",  # crashes count from the first second
        "CRASHPOINT": str(crash),
        **broker.env,
    }
    found = SupervisedShop(scratch=scratch, strangers=strangers, env=env, broker=broker)
    try:
        found.open()
        yield found
    finally:
        found.close()


@pytest.fixture
def shop(standing: SupervisedShop, outside: Sandbox) -> Iterator[SupervisedShop]:
    """The same, tidied up before and after."""
    standing.tidy()
    yield standing
    standing.tidy()
