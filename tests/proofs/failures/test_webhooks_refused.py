"""A receiver of webhooks is away, then gone: each attempt is kept, it gets everything once."""

from django.db.models import Q
from django.utils import timezone

from deferral.models import Job
from tests.rig.depth import thorough
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.waiting import eventually
from webhooks.endpoints import enable
from webhooks.missed import count_missed
from webhooks.models import Delivery, DeliveryAttempt, Endpoint
from webhooks.recovery import ask_for_recovery

PARTNER = ("partner", "order.completed")


def test_who_was_away_accepts_it_once_and_each_attempt_is_kept(shop: RunningShop) -> None:
    shop.relay()
    shop.worker()
    shop.sandbox.fault("partner", mode="503")
    order = shop.order(tickets=1)
    told = Job.objects.filter(key=f"partner:order.completed:{order.reference}", state="pending")
    eventually(told.filter(attempts=1).exists, show=shop.logs)
    told.update(next_at=timezone.now())
    eventually(told.filter(attempts=2).exists, show=shop.logs)

    shop.sandbox.fault("partner", mode="ok")
    told.update(next_at=timezone.now())
    shop.settle(order)

    assert shop.accepted(order) == EFFECTS
    assert shop.repeats(order) == 0
    attempts = DeliveryAttempt.objects.filter(delivery__subject=order.subject).order_by("id")
    assert list(attempts.values_list("status", flat=True)) == [503, 503, 201]
    assert Endpoint.objects.get(slug="partner").failures == 0


@thorough
def test_who_was_away_for_half_a_minute_gets_all_of_it_with_the_next_one(shop: RunningShop) -> None:
    """Its second try has failed, and the third stands at five minutes."""
    shop.relay()
    shop.worker()
    shop.sandbox.fault("partner", mode="503")
    waits = [shop.order(tickets=1) for _ in range(2)]
    told = Job.objects.filter(task="webhooks.deliver_webhook")
    eventually(lambda: told.filter(attempts=1, state="pending").count() == 2, show=shop.logs)
    told.update(next_at=timezone.now())
    eventually(lambda: told.filter(attempts=2, state="pending").count() == 2, show=shop.logs)

    shop.sandbox.fault("partner", mode="ok")
    for order in [shop.order(tickets=1), *waits]:
        shop.settle(order)
        assert shop.accepted(order) == EFFECTS


@thorough
def test_who_is_gone_is_called_no_more_and_gets_everything_once_it_is_back(
    shop: RunningShop,
) -> None:
    """What was on its way and what happened meanwhile; counted in the partner's own book."""
    began = timezone.now()
    shop.relay()
    shop.worker(processes="4")
    orders = [shop.order(tickets=1) for _ in range(2)]
    for order in orders:
        shop.settle(order)
    shop.sandbox.fault("partner", mode="410")
    orders += [shop.order(tickets=1) for _ in range(4)]
    partner = Endpoint.objects.filter(slug="partner", disabled_at__isnull=False)
    eventually(partner.exists, show=shop.logs)
    orders += [shop.order(tickets=1) for _ in range(4)]
    for order in orders:
        shop.settle(order)

    missed = orders[2:]
    asked = DeliveryAttempt.objects.filter(status=410).count()
    assert 1 <= asked <= 4  # those that were on their way when the first was answered
    late = Q(subject__in=[order.subject for order in orders[6:]])
    assert not Job.objects.filter(late, task="webhooks.deliver_webhook").exists()
    assert all(PARTNER not in shop.accepted(order) for order in missed)
    assert Job.objects.filter(key__startswith="endpoint_disabled:", state="done").count() == 1

    shop.sandbox.fault("partner", mode="ok")
    endpoint = enable(endpoint_id=partner.get().pk, by="ada", reason="they moved, and are back")
    assert sum(count_missed(endpoint, began).values()) == len(missed)
    ask_for_recovery(endpoint_id=endpoint.pk, since=began, by="ada", reason="they are back")
    delivered = Delivery.objects.filter(delivered_at__isnull=False)
    eventually(lambda: delivered.count() == len(orders), show=shop.logs)

    for order in orders:
        shop.settle(order)
        assert shop.accepted(order) == EFFECTS
        assert shop.repeats(order) == 0
    assert DeliveryAttempt.objects.count() == asked + len(orders)
