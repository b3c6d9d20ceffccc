"""A receiver of webhooks is slow and says how many it takes at a time: so many are on their way."""

from datetime import datetime, timedelta

from deferral.models import Job
from launcher.workers import Worker
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually
from webhooks.models import DeliveryAttempt, Endpoint

THREADS = Worker("partners", "partners,analytics", 16, "threads")
# Of each call so much is left out at both ends: its row is written a little after it.
INACCURATE = timedelta(seconds=1)


@thorough
def test_who_asks_for_three_gets_three_at_a_time_and_the_others_wait_at_no_cost(
    shop: RunningShop,
) -> None:
    Endpoint.objects.filter(slug="partner").update(at_once=3)
    shop.sandbox.fault("partner", mode="slow")
    shop.relay()
    shop.celery(THREADS)
    told = [greeting(number) for number in range(6)]
    shop.ready()

    done = Job.objects.filter(pk__in=[job.pk for job in told], state="done")
    eventually(lambda: done.count() == len(told), patience=60, show=shop.logs)

    assert set(done.values_list("attempts", flat=True)) == {1}
    assert sum(done.values_list("snoozes", flat=True)) >= 3
    assert most_at_a_time() == 3


def greeting(number: int) -> Job:
    """A test, as staff send it."""
    partner, key = Endpoint.objects.get(slug="partner"), f"partner:endpoint.test:{number}"
    facts = {"endpoint_id": partner.pk, "webhook_id": key, "what": "endpoint.test"}
    return Job.objects.create(
        key=key,
        subject=partner.subject,
        task="webhooks.deliver_webhook",
        queue="partners",
        service=partner.slug,
        kwargs=facts,
    )


def most_at_a_time() -> int:
    """Of the calls that were made, as many as were under way in one moment."""
    calls = [(began(call) + INACCURATE, call.at - INACCURATE) for call in attempts()]
    return max(sum(start <= moment <= end for start, end in calls) for moment, _ in calls)


def attempts() -> list[DeliveryAttempt]:
    found = list(DeliveryAttempt.objects.all())
    assert {call.status for call in found} == {201}
    return found


def began(call: DeliveryAttempt) -> datetime:
    return call.at - timedelta(milliseconds=call.milliseconds)
