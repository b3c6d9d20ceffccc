"""The broker answers, but with an error: everybody waits, and all is done afterwards.

A failover that made it a replica, memory that is used up, another password, no more clients: one
kind, whatever the words.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deferral.models import Job
from launcher.servers.process import Process
from tests.proofs.failures.broker import Broker
from tests.rig.depth import thorough
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.servers import RUN
from tests.rig.waiting import eventually

Command = tuple[str | int, ...]

# What spoils it, and what mends it.
REPLICA = (("REPLICAOF", "127.0.0.1", 1), ("REPLICAOF", "NO", "ONE"))
FULL = (("CONFIG", "SET", "maxmemory", "1mb"), ("CONFIG", "SET", "maxmemory", 0))
OTHERS = (
    (("CONFIG", "SET", "min-replicas-to-write", 1), ("CONFIG", "SET", "min-replicas-to-write", 0)),
    (("CONFIG", "SET", "maxclients", 1), ("CONFIG", "SET", "maxclients", 10_000)),
    (("ACL", "SETUSER", "default", "-@write"), ("ACL", "SETUSER", "default", "+@all")),
)
# So that nobody is served by what it had before.
LOSE_ALL = ("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


@pytest.fixture
def broker(shop: RunningShop) -> Iterator[Broker]:
    found = Broker(shop.scratch / "valkey", RUN / shop.scratch.name[-4:])
    yield found
    shop.end()
    found.close()


@pytest.fixture
def processes(shop: RunningShop, broker: Broker) -> list[Process]:
    started = [shop.relay(**broker.env), shop.worker(**broker.env), shop.beat(**broker.env)]
    shop.ready()
    return started


@thorough
def test_a_broker_that_became_a_replica_is_waited_for(
    shop: RunningShop, broker: Broker, processes: list[Process]
) -> None:
    survives(shop, broker, REPLICA)

    assert [process.poll() for process in processes] == [None, None, None]
    assert max(map(len_of, shop.scratch.glob("*.log"))) < 60  # most of it is Celery's greeting


@thorough
def test_a_full_broker_is_waited_for(
    shop: RunningShop, broker: Broker, processes: list[Process]
) -> None:
    survives(shop, broker, FULL)

    assert [process.poll() for process in processes] == [None, None, None]


@thorough
def test_a_broker_that_refuses_in_other_words_is_waited_for(
    shop: RunningShop, broker: Broker, processes: list[Process]
) -> None:
    for refusal in OTHERS:
        survives(shop, broker, refusal)

    assert [process.poll() for process in processes] == [None, None, None]


def survives(shop: RunningShop, broker: Broker, refusal: tuple[Command, Command]) -> None:
    """An order paid meanwhile waits, and is whole afterwards; no attempt was spent on it."""
    told = times_told(shop)
    spoil, mend = refusal
    broker.tell(*spoil)
    broker.tell(*LOSE_ALL)

    order = shop.order()
    eventually(lambda: times_told(shop) >= told + 3, show=shop.logs)
    jobs = Job.objects.filter(subject=order.subject)
    assert not jobs.filter(state="done").exists()

    broker.tell(*mend)
    shop.settle(order)
    assert shop.accepted(order) == EFFECTS
    assert not jobs.filter(attempts__gt=1).exists()


def times_told(shop: RunningShop) -> int:
    """How often anybody has logged that the broker is away."""
    return sum(log.read_text().count("broker_away") for log in shop.scratch.glob("*.log"))


def len_of(log: Path) -> int:
    return len(log.read_text().splitlines())


def test_a_worker_that_finds_a_refusing_broker_waits_for_it(
    shop: RunningShop, broker: Broker
) -> None:
    broker.tell(*REPLICA[0])
    worker = shop.worker(**broker.env)
    eventually(lambda: times_told(shop) > 0, show=shop.logs)

    broker.tell(*REPLICA[1])

    shop.ready()
    assert worker.poll() is None
