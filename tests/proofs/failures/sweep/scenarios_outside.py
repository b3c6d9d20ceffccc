"""Scenarios in which external services fail, time runs out, or somebody changes their mind."""

from django.db.models import F
from django.db.models.functions import Now

from deferral.ledger.dead_letters import replay_jobs
from deferral.models import Job, QueueSample
from deferral.pressure.rules import Level
from orders.models import Order
from orders.payments.provider.settlements import Settlement
from orders.services import cancel_order
from shop.checkout import record_outcome
from tests.proofs.failures.sweep.scenarios import passes, passes_in_threads, without
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.owed_effects import CANCELLED, MONEY_BACK, REFUND_MAIL, once_each, when_given_back
from tests.rig.running_shop import EFFECTS
from webhooks.endpoints import disable, enable
from webhooks.models import Endpoint
from webhooks.recovery import ask_for_recovery

MAIL, LATE = ("mail", "Your order"), ("mail", "More for your order")
LATE_MONEY = {
    ("payment", "charge"): 1,
    ("payment", "refund"): 1,
    ("mail", "Your payment for order goes back"): 1,
    ("mail", "Late money for order"): 1,
}
UNDONE = once_each(
    [*CANCELLED, *when_given_back("print_room", "box_office"), MONEY_BACK, REFUND_MAIL]
)


@passes_in_threads("attempt_failed", "retry_written", "attempt_kept")
def services_failed(shop: VisitedShop) -> Order:
    """The partner is away; the box office takes it, and its answer is lost."""
    shop.sandbox.fault("partner", mode="503")
    shop.sandbox.fault("box-office", mode="lost-reply")
    order = shop.order()
    for key in (
        f"partner:order.completed:{order.reference}",
        f"reserve_box_office:{order.reference}",
    ):
        shop.until(shop.job(key, state="pending", attempts__gte=1))
    shop.sandbox.fault("partner", mode="ok")
    shop.sandbox.fault("box-office", mode="ok")
    shop.hurry(order)
    return shop.whole(order, EFFECTS)


@passes_in_threads("buried")
@passes("replay_written")
def refused_and_replayed(shop: VisitedShop) -> Order:
    """The address does not exist; somebody mends it and replays the dead letter."""
    order, key = refused(shop)
    Order.objects.filter(pk=order.pk).update(email="ada@example.org")
    shop.manage("dead_letters", "replay", "--key", key)
    return shop.whole(order, EFFECTS)


@passes("discard_written")
def refused_and_discarded(shop: VisitedShop) -> Order:
    """The address does not exist, and never will."""
    order, key = refused(shop)
    shop.manage("dead_letters", "discard", "--key", key, "--reason", "no such address")
    shop.until(shop.job(key, state="discarded"))
    return shop.whole(order, without(MAIL))


def refused(shop: VisitedShop) -> tuple[Order, str]:
    """An order whose confirmation is a dead letter."""
    order = shop.order(email="bounce@example.org")
    shop.whole(order, without(MAIL))
    return order, f"order_confirmation:{order.reference}"


@passes_in_threads("snooze_written")
@passes("body_released", "attempt_failed", "buried")
def receipt_was_late(shop: VisitedShop) -> Order:
    """The receipt does not add up: after a while the mail leaves without it, and it follows."""
    order = shop.order_with(tax_cents=1)
    shop.until(shop.job(f"receipt:{order.reference}", state="dead"))
    body = Job.objects.filter(key=f"order_confirmation:{order.reference}")
    body.filter(state="waiting").update(release_at=Now())
    shop.until(shop.job(f"late_document:receipt:{order.reference}", snoozes__gte=1))
    Order.objects.filter(pk=order.pk).update(tax_cents=F("tax_cents") - 1)
    replay_jobs(
        Job.objects.filter(key=f"receipt:{order.reference}").values_list("pk", flat=True), by="me"
    )
    shop.until(shop.job(f"receipt:{order.reference}", state="done"))
    shop.hurry(order)
    return shop.whole(order, EFFECTS | {LATE: 1})


@passes("expired")
def too_late_to_count(shop: VisitedShop) -> Order:
    """Analytics is away for longer than counting is worth anything."""
    shop.sandbox.fault("analytics", mode="503")
    order = shop.order()
    key = f"analytics:order_paid:{order.reference}"
    shop.until(shop.job(key, state="pending", attempts__gte=1))
    Job.objects.filter(key=key).update(expires_at=Now())
    shop.until(shop.job(key, state="expired"))
    return shop.whole(order, without(("analytics", "order_paid")))


@passes("shed")
def shed_in_the_rush(shop: VisitedShop) -> Order:
    """Analytics is away, and its queue behind: nine counts of ten are given up."""
    shop.sandbox.fault("analytics", mode="503")
    orders = [shop.order() for _ in range(3)]  # that all of them are kept is one in a thousand
    keys = [f"analytics:order_paid:{order.reference}" for order in orders]
    for key in keys:
        shop.until(shop.job(key, attempts__gte=1))
    behind = {"waiting": 3, "per_second": 0, "oldest": 100, "load": 100}
    QueueSample.objects.create(queue="analytics", level=Level.AMBER, **behind)
    shed = Job.objects.filter(key__in=keys, state="expired")
    shop.until(shed.exists)
    QueueSample.objects.all().delete()
    order = Order.objects.get(pk=shed[0].kwargs["order_id"])
    return shop.whole(order, without(("analytics", "order_paid")))


@passes("refund_accepted", "retry_written")
def cancelled(shop: VisitedShop) -> Order:
    """All is undone again, by a provider that is away at first, and everybody is told."""
    order = shop.whole(shop.order(), EFFECTS)
    shop.sandbox.fault("payment", mode="503")
    cancel_order(order_id=order.pk, by="staff", reason="asked for")
    refund = Job.objects.filter(subject=order.subject, task="orders.refund_payment")
    shop.until(refund.filter(state="pending", attempts__gte=1).exists)
    shop.sandbox.fault("payment", mode="ok")
    shop.hurry(order)
    return shop.whole(order, EFFECTS | UNDONE)


@passes("recovery_written")
def partner_was_disabled(shop: VisitedShop) -> Order:
    """It missed an order; it is enabled again, and everything since then is brought."""
    partner = Endpoint.objects.get(slug="partner")
    disable(endpoint_id=partner.pk, by="me", reason="they asked us to")
    order = shop.whole(shop.order(), without(("partner", "order.completed")))
    enable(endpoint_id=partner.pk, by="me", reason="they are back")
    ask_for_recovery(endpoint_id=partner.pk, since=order.created_at, by="me", reason="missed")
    shop.until(shop.job(f"partner:order.completed:{order.reference}"))
    return shop.whole(order, EFFECTS)


@passes("notice_written")
def told_by_the_provider(shop: VisitedShop) -> Order:
    """Charged, and nobody wrote it down; the provider tells us, and again until it is thanked."""
    order, ref = shop.charged()
    shop.tell_of(ref)
    shop.until(Order.objects.filter(pk=order.pk, state="paid").exists)
    return shop.whole(order, EFFECTS)


@passes("late_money_written")
def paid_too_late(shop: VisitedShop) -> Order:
    """Given up, and charged all the same: the money goes back, and everybody concerned is told."""
    order, ref = shop.charged()
    failed = Settlement(outcome="failed", ref=ref, reason="no answer")
    record_outcome(attempt_id=order.payments.get().pk, settlement=failed)
    shop.tell_of(ref)
    shop.until(Order.objects.filter(pk=order.pk, payments__state="refunded").exists)
    return shop.whole(order, LATE_MONEY)
