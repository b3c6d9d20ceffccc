"""Somebody writes nonsense into the broker: a log line each, and the next order is done."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from hypothesis import HealthCheck, given, settings

from deferral.health.machinery import check_messages
from deferral.models import UnreadableMessages
from deferral.registry import queues
from tests.bench.processes import children
from tests.proofs.failures.nonsense import TABLE, packed
from tests.proofs.failures.spoiling import COMMANDS, MESSAGES
from tests.rig.depth import THOROUGH, thorough
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.waiting import eventually

QUEUES = queues()
MANY = settings(
    max_examples=1_500 if THOROUGH else 150,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def valkey(shop: RunningShop) -> Iterator[Any]:
    """The broker itself, beside which a relay and a worker run."""
    shop.relay()
    shop.worker()
    shop.ready()
    with current_app.connection_for_write() as link:
        yield link.default_channel.client  # type: ignore[attr-defined]  # Valkey's


def thrown_away(queue: str = "critical") -> int:
    found = UnreadableMessages.objects.filter(queue=queue).first()
    return found.count if found else 0


def is_unharmed(shop: RunningShop, family: list[int]) -> bool:
    """The same processes as before, and an order is done."""
    order = shop.order()
    shop.settle(order)
    worker = shop.named("worker")
    assert shop.accepted(order) == EFFECTS
    return [worker.pid, *children(worker.pid)] == family


def family_of(shop: RunningShop) -> list[int]:
    worker = shop.named("worker")
    return [worker.pid, *children(worker.pid)]


@thorough
def test_messages_that_are_none_cost_a_line_each(shop: RunningShop, valkey: Any) -> None:
    family = family_of(shop)

    for raw in TABLE:
        valkey.lpush("critical", raw)

    assert is_unharmed(shop, family)
    eventually(lambda: thrown_away() == len(TABLE), show=shop.logs)
    assert shop.logs().count("Traceback") == 0
    [finding] = check_messages()
    assert not finding.well
    assert f"{len(TABLE)} thrown away unread" in finding.detail


@thorough
def test_a_message_spoilt_anywhere_ends_no_worker(shop: RunningShop, valkey: Any) -> None:
    family = family_of(shop)

    @MANY
    @given(MESSAGES)
    def push(raw: bytes) -> None:
        valkey.lpush("critical", raw)
        eventually(lambda: not valkey.llen("critical"), show=shop.logs)
        assert family_of(shop) == family

    push()

    assert is_unharmed(shop, family)


@thorough
def test_a_command_to_all_workers_spoilt_anywhere_ends_none(shop: RunningShop, valkey: Any) -> None:
    family = family_of(shop)

    @MANY
    @given(COMMANDS)
    def say(raw: bytes) -> None:
        assert valkey.publish("/0.celery.pidbox", raw) == 1
        assert family_of(shop) == family

    say()

    assert is_unharmed(shop, family)
    eventually(lambda: thrown_away("control") > 0, show=shop.logs)


@thorough
def test_workers_answer_questions_and_take_no_orders(shop: RunningShop, valkey: Any) -> None:
    family = family_of(shop)
    control = current_app.control

    for order in ("shutdown", "cancel_consumer", "pool_shrink", "hello"):
        control.broadcast(order, arguments={"queue": "critical"})
    control.revoke("a" * 36, terminate=True)
    control.time_limit("deferral.sweep", hard=1)

    assert len(control.ping(timeout=5) or []) == 1
    assert is_unharmed(shop, family)
    eventually(lambda: thrown_away("control") == 6, show=shop.logs)


@thorough
def test_what_stands_in_a_queues_place_and_is_none_makes_room(
    shop: RunningShop, valkey: Any
) -> None:
    family = family_of(shop)

    for queue in QUEUES:
        valkey.set(queue, "not a queue")
        valkey.sadd(f"{queue}\x06\x163", "nor this")
    for key in ("unacked", "unacked_index", "_kombu.binding.critical"):
        valkey.delete(key)
        valkey.set(key, "nor this")

    assert is_unharmed(shop, family)


@thorough
def test_a_hint_that_was_in_hand_when_its_worker_died_is_in_no_copy(
    shop: RunningShop, valkey: Any
) -> None:
    """Nobody reads copies, so that nothing can stand in them; a marker finds what is lost."""
    valkey.hset("unacked", "tag", "not json")
    valkey.zadd("unacked_index", {"tag": 1.0, "other": 2.0})
    family = family_of(shop)

    assert is_unharmed(shop, family)
    assert valkey.hgetall("unacked") == {b"tag": b"not json"}


def test_the_next_worker_reads_over_nonsense_as_well(shop: RunningShop) -> None:
    """A worker that starts finds it there: formerly each did, until somebody emptied the broker."""
    with current_app.connection_for_write() as link:
        client = link.default_channel.client  # type: ignore[attr-defined]  # Valkey's
        client.lpush("critical", *TABLE, packed(headers={"compression": "x-gzip"}))
    shop.relay()
    shop.worker()

    order = shop.order()
    shop.settle(order)

    assert shop.accepted(order) == EFFECTS
