"""Scenarios in which more of ours fails: another process, the broker, a connection, a host."""

import os
import signal

from django.db.models.functions import Now
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from kombu import Connection

from deferral.models import Job
from deferral.relay.hints import Addressed
from orders.models import Order
from tests.proofs.failures.sweep.scenarios import passes
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS


@passes("marker_stamped", "marker_sent", "marker_arrived", "lost_hints_found")
def hint_was_lost(shop: VisitedShop) -> Order:
    """A worker's process takes a message with it."""
    shop.crash_at("received")
    return shop.whole(shop.order(), EFFECTS)


@passes("abandoned_seen", "put_back", "rescued")
def worker_died_first(shop: VisitedShop) -> Order:
    """A worker's process dies, and then the relay that picks its job up."""
    shop.crash_at("claimed")
    return shop.whole(shop.order(), EFFECTS)


@passes("send_failed", "unstamped")
def broker_was_away(shop: VisitedShop) -> Order:
    """The relay cannot send anything."""
    shop.broker.kill()
    order = shop.order()
    shop.until(lambda: shop.crashes() > 0)
    shop.broker.start_again()
    return shop.whole(order, EFFECTS)


@passes("tick_written")
def beat_died_over_a_tick(shop: VisitedShop) -> Order:
    """The tick is rolled back with it, and comes under the same key from the next beat."""
    often, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
    form = PeriodicTask.objects.create(name="tick", task="deferral.sweep", interval=often)
    shop.beat()
    shop.until(Job.objects.filter(subject="schedule:tick").exists)
    shop.end_one(shop.named("beat"))
    form.delete()
    shop.until(lambda: not Job.objects.filter(subject="schedule:tick", state="pending").exists())
    return shop.whole(shop.order(), EFFECTS)


@passes("refused")
def hint_came_again(shop: VisitedShop) -> Order:
    """The broker delivers a message once more, after all is done."""
    order = shop.whole(shop.order(), EFFECTS)
    job = Job.objects.filter(subject=order.subject, queue="critical").latest("pk")
    hint = Addressed(job.pk, job.key, job.task, job.queue, job.task_id)
    with Connection(shop.broker.env["BROKER_URL"]) as link:
        hint.signature().apply_async(connection=link)
    shop.until(lambda: shop.crashes() > 0)
    return shop.whole(order, EFFECTS)


@passes("given_back")
def database_hung_up(shop: VisitedShop) -> Order:
    """The connection of a worker is closed in the middle of a job."""
    order, job = slow_crm(shop)
    shop.end_session_of(job)
    shop.sandbox.fault("crm", mode="ok")
    shop.until(lambda: shop.crashes() > 0)
    return shop.whole(order, EFFECTS)


@passes("silent_ended")
def host_fell_silent(shop: VisitedShop) -> Order:
    """A worker stops without dying: its lease runs out, its session is ended; then it wakes."""
    order, job = slow_crm(shop)
    worker = shop.named("worker")
    os.killpg(worker.pid, signal.SIGSTOP)
    Job.objects.filter(pk=job.pk).update(lease_until=Now())
    shop.until(shop.job(job.key, state="pending"))
    os.killpg(worker.pid, signal.SIGCONT)
    shop.sandbox.fault("crm", mode="ok")
    return shop.whole(order, EFFECTS)


def slow_crm(shop: VisitedShop) -> tuple[Order, Job]:
    """An order, and the job that is just telling the CRM."""
    shop.sandbox.fault("crm", mode="slow")
    order = shop.order()
    key = f"crm:{order.reference}"
    shop.until(shop.job(key, state="running"))
    return order, Job.objects.get(key=key)
