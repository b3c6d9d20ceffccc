"""Every message arrives three times: each effect happens once."""

import uuid

from deferral.models import Job
from deferral.relay.publishing import Hint
from tests.rig.running_shop import EFFECTS, House, eventually


def deliver(job: Job, *, times: int) -> None:
    """Put the job's message into its lane again, as a confused broker would."""
    hint = Hint((job.pk, job.key, job.task, job.lane, uuid.UUID(str(job.task_id))), None)
    for _ in range(times):
        hint.signature().apply_async()


def test_a_message_delivered_again_and_again_is_one_effect(house: House) -> None:
    house.relay()
    order = house.order()
    eventually(lambda: Job.objects.filter(subject=order.subject, sent_at__isnull=False).count() > 8)
    for job in Job.objects.filter(subject=order.subject):
        deliver(job, times=2)

    house.worker()
    house.worker()
    house.settle(order)
    for job in Job.objects.filter(subject=order.subject):
        deliver(job, times=1)
    house.poke("behave", "afterwards")

    assert house.accepted(order) == EFFECTS
    assert house.repeats(order) == 0


def test_a_message_for_a_job_that_never_was_runs_nothing(house: House) -> None:
    house.worker()
    house.ready()
    ghost = Job(pk=987_654_321, key="ghost", task="probes.behave", lane="critical")

    deliver(ghost, times=1)
    house.relay()
    house.poke("behave", "real")

    assert house.marks("real") == 1
    assert house.marks("ghost") == 0
