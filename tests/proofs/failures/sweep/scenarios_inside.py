"""Scenarios in which more of ours fails: another process, the broker, a host, a deploy."""

import os
import signal
from datetime import UTC, datetime, timedelta

from django.db.models.functions import Now
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from kombu import Connection

from deferral.models import Job, JobStep
from deferral.relay.hints import Addressed
from deferral.relay.retention import KEPT_DAYS
from deferral.schedules.ticking import write_tick
from orders.models import Order
from tests.proofs.failures.sweep.scenarios import passes, passes_in_threads
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS

OLD = datetime.now(UTC) - timedelta(days=KEPT_DAYS + 1)


@passes("marker_stamped", "marker_sent", "marker_arrived", "lost_hints_found")
def hint_was_lost(shop: VisitedShop) -> Order:
    """A child takes a message with it."""
    shop.crash_at("received")
    return shop.whole(shop.order(), EFFECTS)


@passes_in_threads("marker_arrived")
def hints_were_lost(shop: VisitedShop) -> Order:
    """A thread worker takes every message with it that it had taken."""
    shop.crash_at("received", "thread")
    return shop.whole(shop.order(), EFFECTS)


@passes("abandoned_seen", "put_back", "rescued")
def worker_died_first(shop: VisitedShop) -> Order:
    """A thread worker dies, and then the relay that picks its jobs up."""
    shop.crash_at("claimed", "thread")
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


@passes("step_begun", "step_checkpoint", "step_recorded")
def swept_by_night(shop: VisitedShop) -> Order:
    """A long job dies between its steps: each old row leaves once, and is counted once."""
    for number in range(3):
        Job.objects.create(key=f"old:{number}", task="deferral.sweep", state="done", settled_at=OLD)
    job = begun_sweep(shop)
    shop.until(shop.job(job.key, state="done"))
    assert JobStep.objects.get(job=job, name="jobs").result == 3
    assert not Job.objects.filter(key__startswith="old:").exists()
    return shop.whole(shop.order(), EFFECTS)


@passes("control_written", "stop_written")
def sweep_was_stopped(shop: VisitedShop) -> Order:
    """A person pauses a long job, resumes it, and cancels it as it goes on."""
    with shop.halted("relay"):
        job = begun_sweep(shop)
        shop.manage("jobs", "pause", job.key)
        shop.manage("jobs", "resume", job.key)
        Job.objects.filter(pk=job.pk).update(asked="cancel")  # as of one that ran, and was killed
    shop.until(shop.job(job.key, state="discarded"))
    return shop.whole(shop.order(), EFFECTS)


def begun_sweep(shop: VisitedShop) -> Job:
    """The job of tonight's sweep, which came a moment ago."""
    due = datetime.now(UTC)
    write_tick(name="sweep", task="deferral.sweep", kwargs={}, due=due)
    return Job.objects.filter(subject="schedule:sweep").latest("pk")


@passes("refused")
def hint_came_again(shop: VisitedShop) -> Order:
    """The broker delivers a message once more, after all is done."""
    return twice(shop, "critical")


@passes_in_threads("refused")
def hint_came_again_to_a_thread(shop: VisitedShop) -> Order:
    """The same to a worker of threads."""
    return twice(shop, "mail")


def twice(shop: VisitedShop, queue: str) -> Order:
    """A job of this queue is done, and its message comes again."""
    order = shop.whole(shop.order(), EFFECTS)
    job = Job.objects.filter(subject=order.subject, queue=queue).latest("pk")
    hint = Addressed(job.pk, job.key, job.task, job.queue, job.task_id)
    with Connection(shop.broker.env["BROKER_URL"]) as link:
        hint.signature().apply_async(connection=link)
    shop.until(lambda: shop.crashes() > 0)
    return shop.whole(order, EFFECTS)


@passes_in_threads("all_given_back")
def told_to_leave(shop: VisitedShop) -> Order:
    """A deploy, and what a thread is at does not end in time: it is given back at no cost."""
    order, _ = slow_crm(shop)
    worker = shop.named("partners")
    os.kill(worker.pid, signal.SIGQUIT)
    shop.until(lambda: worker.poll() is not None)
    shop.sandbox.fault("crm", mode="ok")
    shop.whole(order, EFFECTS)
    assert shop.deaths(order) == (0, 0), shop.picture(order)
    return order


@passes("silent_ended")
def host_fell_silent(shop: VisitedShop) -> Order:
    """A worker stops without dying: a lease runs out, its session is ended; then it wakes."""
    order, job = slow_crm(shop)
    worker = shop.named("partners")
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
