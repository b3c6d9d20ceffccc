"""How many deliveries are on their way to one endpoint: over threads, sessions and processes."""

import contextlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from threading import Barrier

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now

from deferral.database import holding
from deferral.database.held_session import HeldSession
from deferral.database.locks import slot_lock
from deferral.errors import Snooze
from deferral.models import Breaker, Job
from orders.models import Order
from tests.deferral.bench import run
from tests.rig.racing import at_once
from tests.rig.servers import database_url
from tests.rig.surroundings import ROOT
from tests.rig.waiting import eventually
from tests.webhooks.receiving import Receiver, a_delivery_job, an_endpoint
from webhooks.in_flight import APART, in_flight
from webhooks.models import MOST_AT_ONCE, DeliveryAttempt, Endpoint

pytestmark = pytest.mark.django_db(transaction=True)
# A worker of another process, in the middle of a delivery.
ON_ITS_WAY = """
import django
django.setup()
from webhooks.in_flight import in_flight
from webhooks.models import Endpoint
with in_flight(Endpoint.objects.get(slug="acme")):
    print("on its way", flush=True)
    input()
"""


@pytest.fixture
def acme(receiver: Receiver) -> Endpoint:
    """The receiver's."""
    return an_endpoint("acme", url=receiver.url)


@pytest.fixture
def elsewhere() -> Iterator[BaseDatabaseWrapper]:
    """A session of another process."""
    database = connections.create_connection("default")
    yield database
    database.close()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldSession]:
    """This process is a worker of threads: one session holds the locks of all."""
    session = HeldSession()
    with session.cursor():
        pass
    monkeypatch.setattr(holding, "_shared", [session])
    yield session
    session.lose()


@contextlib.contextmanager
def another_process() -> Iterator[subprocess.Popen[str]]:
    """On its way to acme, until it is killed."""
    env = {**os.environ, "DATABASE_URL": database_url()}
    command = [sys.executable, "-c", ON_ITS_WAY]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as child:  # noqa: S603
        assert child.stdout
        assert child.stdout.readline() == "on its way\n"
        yield child
        child.kill()


def take(database: BaseDatabaseWrapper, endpoint: Endpoint, slots: range) -> None:
    """They are somebody else's."""
    with database.cursor() as cursor:
        for slot in slots:
            cursor.execute("SELECT pg_advisory_lock(%s)", [slot_lock(endpoint.pk * APART + slot)])


def all_on_their_way(endpoint: Endpoint, many: int) -> Counter[str]:
    """So many try together, and none ends before each has tried."""
    tried = Barrier(many)

    def deliver() -> str:
        try:
            with in_flight(endpoint):
                tried.wait(timeout=30)
                return "on its way"
        except Snooze:
            tried.wait(timeout=30)
            return "snoozed"

    return Counter(at_once(*[deliver] * many))


def nobody() -> None:
    """What a delivery that raised leaves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("many", [1, 4, 20])
def test_threads_of_one_process_never_share_a_slot(
    threads: HeldSession, acme: Endpoint, many: int
) -> None:
    acme.at_once = many

    assert all_on_their_way(acme, 24) == {"on its way": many, "snoozed": 24 - many}
    assert all_on_their_way(acme, 24) == {"on its way": many, "snoozed": 24 - many}


def test_what_other_processes_have_is_counted(
    threads: HeldSession, acme: Endpoint, elsewhere: BaseDatabaseWrapper
) -> None:
    acme.at_once = 4
    take(elsewhere, acme, range(1, 4))

    assert all_on_their_way(acme, 6) == {"on its way": 1, "snoozed": 5}


@pytest.mark.parametrize(("many", "most"), [(1, 1), (2, 2), (20, 2)])
def test_of_a_worker_of_processes_one_endpoint_has_half_at_most(
    acme: Endpoint, many: int, most: int
) -> None:
    """Each with a connection of its own, as these threads have."""
    acme.at_once = many

    assert all_on_their_way(acme, 6) == {"on its way": most, "snoozed": 6 - most}


def test_an_endpoint_whose_slots_are_all_taken_has_none_of_its_neighbours(
    threads: HeldSession, acme: Endpoint, elsewhere: BaseDatabaseWrapper
) -> None:
    neighbour = an_endpoint("neighbour", at_once=MOST_AT_ONCE)
    Endpoint.objects.filter(pk=acme.pk).update(at_once=MOST_AT_ONCE)
    acme.refresh_from_db()
    take(elsewhere, acme, range(MOST_AT_ONCE))

    assert neighbour.pk == acme.pk + 1
    assert all_on_their_way(acme, 2) == {"snoozed": 2}
    assert all_on_their_way(neighbour, 2) == {"on its way": 2}


@pytest.mark.parametrize("worker", ["of processes", "of threads"])
def test_a_slot_is_given_back_whatever_was_raised(
    worker: str, acme: Endpoint, request: pytest.FixtureRequest
) -> None:
    if worker == "of threads":
        request.getfixturevalue("threads")
    acme.at_once = 1
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), in_flight(acme):
            raise error

    nobody()
    assert all_on_their_way(acme, 2) == {"on its way": 1, "snoozed": 1}


def test_the_slot_of_a_killed_process_is_free(acme: Endpoint, starts_processes: None) -> None:
    Endpoint.objects.filter(pk=acme.pk).update(at_once=1)
    acme.refresh_from_db()
    with another_process() as child:
        assert all_on_their_way(acme, 1) == {"snoozed": 1}
        child.kill()
        child.wait()
        eventually(lambda: all_on_their_way(acme, 1) == {"on its way": 1})


def test_a_snooze_costs_nothing_and_it_is_delivered_afterwards(
    acme: Endpoint, receiver: Receiver, order: Order, elsewhere: BaseDatabaseWrapper
) -> None:
    job = a_delivery_job(acme, order.pk)
    take(elsewhere, acme, range(MOST_AT_ONCE))

    row = run(job)

    assert (row.state, row.attempts, row.snoozes) == ("pending", 0, 1)
    assert (row.errors, receiver.received) == ([], [])
    assert not DeliveryAttempt.objects.exists()
    assert not Breaker.objects.filter(name="acme", failures__gt=0).exists()
    elsewhere.close()
    Job.objects.filter(pk=job.pk).update(next_at=Now())
    assert run(job).state == "done"


def test_a_number_that_was_lowered_counts_from_the_next_delivery_on(
    acme: Endpoint, receiver: Receiver, order: Order, elsewhere: BaseDatabaseWrapper
) -> None:
    job = a_delivery_job(acme, order.pk)
    take(elsewhere, acme, range(1))

    Endpoint.objects.filter(pk=acme.pk).update(at_once=1)
    assert run(job).snoozes == 1
    Endpoint.objects.filter(pk=acme.pk).update(at_once=2)
    Job.objects.filter(pk=job.pk).update(next_at=Now())
    assert run(job).state == "done"
