"""A partner is down for two hours: it is not called, hurts nobody, gets everything afterwards."""

import time
from datetime import timedelta

from django.db.models import QuerySet, Sum
from django.db.models.functions import Now

from deferral.database.snapshots import FRESH
from deferral.external.rules import MIN_CALLS
from deferral.models import Breaker, Job
from orders.models import Order
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.waiting import eventually

PARTNER = ("partner", "order.completed")


def told() -> QuerySet[Job]:
    return Job.objects.filter(task="webhooks.deliver_webhook")


def two_hours_pass() -> None:
    """What would come in two hours comes in two seconds, by itself: time enough to read it."""
    soon = Now() + timedelta(seconds=2)
    Breaker.objects.filter(name="partner").update(open_until=soon)
    told().filter(state="pending").update(next_at=soon)


def test_a_partner_that_is_down_is_not_called_and_gets_everything_afterwards(
    shop: RunningShop,
) -> None:
    shop.relay()
    shop.worker(processes="4")
    shop.sandbox.fault("partner", mode="503")
    first = [shop.order(tickets=1) for _ in range(MIN_CALLS)]
    eventually(Breaker.objects.filter(name="partner", openings=1).exists)
    everything_else_is_done(shop, first)

    time.sleep(FRESH)  # until every process has read it
    spent = told().aggregate(spent=Sum("attempts"))["spent"]
    late = [shop.order(tickets=1) for _ in range(3)]
    everything_else_is_done(shop, late)
    eventually(lambda: not told().filter(state="pending", next_at__lte=Now()).exists())

    assert spent <= MIN_CALLS + 4  # those that were under way when it opened
    assert told().aggregate(spent=Sum("attempts"))["spent"] == spent
    assert set(told().values_list("state", flat=True)) == {"pending"}

    shop.sandbox.fault("partner", mode="ok")
    two_hours_pass()
    for order in [*first, *late]:
        shop.settle(order)
        assert shop.accepted(order) == EFFECTS
        assert shop.repeats(order) == 0
    row = Breaker.objects.get(name="partner")
    assert (row.openings, row.failing_since) == (0, None)


def everything_else_is_done(shop: RunningShop, orders: list[Order]) -> None:
    """All that is not the partner's, within a few seconds."""

    def are_done() -> bool:
        return all({**shop.accepted(order), PARTNER: 1} == EFFECTS for order in orders)

    eventually(are_done, show=shop.logs)
