"""Every message arrives three times: each effect happens once."""

import uuid

from deferral.models import Job
from deferral.relay.hints import Addressed
from tests.rig.depth import thorough
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.waiting import eventually


def deliver(job: Job, *, times: int) -> None:
    """Put the job's message into its queue again, as a confused broker would."""
    hint = Addressed(job.pk, job.key, job.task, job.queue, uuid.UUID(str(job.task_id)))
    for _ in range(times):
        hint.signature().apply_async()


@thorough
def test_a_message_delivered_again_and_again_is_one_effect(shop: RunningShop) -> None:
    shop.relay()
    order = shop.order()
    eventually(lambda: Job.objects.filter(subject=order.subject, sent_at__isnull=False).count() > 8)
    for job in Job.objects.filter(subject=order.subject):
        deliver(job, times=2)

    shop.worker()
    shop.worker()
    shop.settle(order)
    for job in Job.objects.filter(subject=order.subject):
        deliver(job, times=1)
    shop.poke("behave", "afterwards")

    assert shop.accepted(order) == EFFECTS
    assert shop.repeats(order) == 0


def test_a_message_for_a_job_that_never_was_runs_nothing(shop: RunningShop) -> None:
    shop.worker()
    shop.ready()
    ghost = Job(pk=987_654_321, key="ghost", task="probes.behave", queue="critical")

    deliver(ghost, times=1)
    shop.relay()
    shop.poke("behave", "real")

    assert shop.marks("real") == 1
    assert shop.marks("ghost") == 0
