"""The broker is dead, hung or wiped: the customer notices nothing, and no work is lost."""

from collections.abc import Iterator

import pytest
from celery import current_app

from deferral.models import Job
from tests.proofs.failures.broker import Broker
from tests.rig.depth import thorough
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.servers import RUN
from tests.rig.waiting import eventually


@pytest.fixture
def broker(shop: RunningShop) -> Iterator[Broker]:
    found = Broker(shop.scratch / "valkey", RUN / shop.scratch.name[-4:])
    yield found
    shop.end()
    found.close()


@thorough
def test_an_order_placed_while_the_broker_is_dead_is_whole_when_it_is_back(
    shop: RunningShop, broker: Broker
) -> None:
    shop.relay(**broker.env)
    shop.worker(**broker.env)
    shop.ready()
    broker.kill()

    order = shop.order()
    eventually(lambda: Job.objects.filter(subject=order.subject).exists())
    assert not Job.objects.filter(subject=order.subject, state="done").exists()

    broker.start_again()
    shop.settle(order)
    assert shop.accepted(order) == EFFECTS


@thorough
def test_a_relay_without_a_broker_goes_on_looking(shop: RunningShop, broker: Broker) -> None:
    shop.relay(**broker.env)
    shop.ready()
    broker.kill()
    shop.order()

    # A pass lasts a second then; with Celery's own patience it lasted seven. It is told after 0, 1,
    # 3 and 7 seconds, and ever more seldom.
    eventually(lambda: shop.logs().count("broker_away") >= 4, patience=15, show=shop.logs)


def test_an_order_placed_while_the_broker_hangs_is_whole_when_it_answers(
    shop: RunningShop, broker: Broker
) -> None:
    shop.relay(**broker.env)
    shop.worker(**broker.env)
    shop.ready()
    broker.hang()

    order = shop.order()

    broker.go_on()
    shop.settle(order)
    assert shop.accepted(order) == EFFECTS


@thorough
def test_work_queued_in_a_wiped_broker_is_done_all_the_same(shop: RunningShop) -> None:
    shop.relay()
    order = shop.order()
    eventually(lambda: Job.objects.filter(subject=order.subject, sent_at__isnull=False).count() > 8)
    with current_app.connection_for_write() as link:
        link.default_channel.client.flushall()  # type: ignore[attr-defined]  # Valkey's

    shop.worker()

    shop.settle(order)
    assert shop.accepted(order) == EFFECTS
