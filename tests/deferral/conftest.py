"""Real rows, committed; a second session beside ours; the broker's queues, and no worker."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.deferral.bench import DEEDS

Queues = Callable[[str], int]


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
def queued(valkey: Any) -> Queues:
    """How many messages lie in a queue."""
    return lambda queue: int(valkey.llen(queue))


@pytest.fixture
def configured() -> Iterator[dict[str, Any]]:
    """What the configuration of beat names: nothing of the shop's own."""
    kept, found = current_app.conf.beat_schedule, dict[str, Any]()
    current_app.conf.beat_schedule = found
    yield found
    current_app.conf.beat_schedule = kept
