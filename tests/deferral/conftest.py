"""Real rows, committed; a second session beside ours; the broker's lanes, and no worker."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.deferral.bench import DEEDS

Lanes = Callable[[str], int]


# Emptied after each test: a tenth of the time it takes to truncate every table of the shop.
EMPTY = (
    "DELETE FROM deferral_intervention",
    "UPDATE deferral_job SET body_id = NULL WHERE body_id IS NOT NULL",
    "DELETE FROM deferral_job",
    "DELETE FROM deferral_event",
    "DELETE FROM deferral_lane",
    "DELETE FROM deferral_worker",
    "DELETE FROM deferral_breaker",
    "DELETE FROM django_celery_beat_periodictask",
    "DELETE FROM django_content_type WHERE app_label = 'bench'",
)


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, with the quicker way to empty the tables."""
    with django_db_blocker.unblock():
        yield
        connection.close()
        with connection.cursor() as cursor:
            for statement in EMPTY:
                cursor.execute(statement)
        connection.close()


@pytest.fixture(autouse=True)
def _ledger(transactional_db: None) -> Iterator[None]:
    """Every test commits, and leaves no row, no lock and no broken session behind."""
    yield
    DEEDS.clear()


@pytest.fixture
def elsewhere() -> Iterator[BaseDatabaseWrapper]:
    """A session of another process."""
    database = connections.create_connection("default")
    yield database
    database.close()


@pytest.fixture
def valkey() -> Iterator[Any]:
    """The broker itself, empty."""
    with current_app.connection_for_write() as link:
        client = link.default_channel.client  # type: ignore[attr-defined]  # Valkey's
        client.flushall()
        yield client
        client.config_set("maxmemory", 0)
        client.flushall()


@pytest.fixture
def queued(valkey: Any) -> Lanes:
    """How many messages lie in a lane."""
    return lambda lane: int(valkey.llen(lane))
