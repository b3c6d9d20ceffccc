"""The ways on which more of ours fails: another process, the broker, a connection, a host."""

import os
import signal

from django.db.models.functions import Now
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from kombu import Connection

from deferral.models import Job
from deferral.relay.publishing import Hint
from orders.models import Order
from tests.proofs.failures.sweep.street import Street
from tests.proofs.failures.sweep.ways import passes
from tests.rig.running_shop import EFFECTS


@passes("marker_stamped", "marker_sent", "marker_arrived", "lost_hints_found")
def hint_was_lost(street: Street) -> Order:
    """A worker's process takes a message with it."""
    street.crash_at("received")
    return street.whole(street.order(), EFFECTS)


@passes("abandoned_seen", "put_back", "rescued")
def worker_died_first(street: Street) -> Order:
    """A worker's process dies, and then the relay that picks its job up."""
    street.crash_at("claimed")
    return street.whole(street.order(), EFFECTS)


@passes("send_failed", "unstamped")
def broker_was_away(street: Street) -> Order:
    """The relay cannot send anything."""
    street.broker.kill()
    order = street.order()
    street.until(lambda: street.crashes() > 0)
    street.broker.start_again()
    return street.whole(order, EFFECTS)


@passes("tick_written")
def beat_died_over_a_tick(street: Street) -> Order:
    """The tick is rolled back with it, and comes under the same key from the next beat."""
    often, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
    form = PeriodicTask.objects.create(name="tick", task="deferral.sweep", interval=often)
    street.beat()
    street.until(Job.objects.filter(subject="schedule:tick").exists)
    [beat] = [process for process, (name, *_) in street.started.items() if name == "beat"]
    street.end_one(beat)
    form.delete()
    street.until(lambda: not Job.objects.filter(subject="schedule:tick", state="pending").exists())
    return street.whole(street.order(), EFFECTS)


@passes("refused")
def hint_came_again(street: Street) -> Order:
    """The broker delivers a message once more, after all is done."""
    order = street.whole(street.order(), EFFECTS)
    job = Job.objects.filter(subject=order.subject, lane="critical").latest("pk")
    hint = Hint((job.pk, job.key, job.task, job.lane, job.task_id), None)
    with Connection(street.broker.env["BROKER_URL"]) as link:
        hint.signature().apply_async(connection=link)
    street.until(lambda: street.crashes() > 0)
    return street.whole(order, EFFECTS)


@passes("given_back")
def database_hung_up(street: Street) -> Order:
    """The connection of a worker is closed in the middle of a job."""
    order, job = slow_crm(street)
    street.end_session_of(job)
    street.strangers.fault("crm", mode="ok")
    street.until(lambda: street.crashes() > 0)
    return street.whole(order, EFFECTS)


@passes("silent_ended")
def host_fell_silent(street: Street) -> Order:
    """A worker stops without dying: its lease runs out, its session is ended; then it wakes."""
    order, job = slow_crm(street)
    worker = next(process for process, (name, *_) in street.started.items() if "worker" in name)
    os.killpg(worker.pid, signal.SIGSTOP)
    Job.objects.filter(pk=job.pk).update(lease_until=Now())
    street.until(street.job(job.key, state="pending"))
    os.killpg(worker.pid, signal.SIGCONT)
    street.strangers.fault("crm", mode="ok")
    return street.whole(order, EFFECTS)


def slow_crm(street: Street) -> tuple[Order, Job]:
    """An order, and the job that is just telling the CRM."""
    street.strangers.fault("crm", mode="slow")
    order = street.order()
    key = f"crm:{order.reference}"
    street.until(street.job(key, state="running"))
    return order, Job.objects.get(key=key)
