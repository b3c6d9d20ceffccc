"""Once more: a test, one delivery again, everything that an endpoint did not get since a moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from deferral.expansion import expand_events
from deferral.models import Event, Intervention, Job
from notifications import recovery
from notifications.models import Delivery, Endpoint
from notifications.owed import count_owed, owed
from orders.models import Order
from tests.deferral.bench import run
from tests.notifications.receiving import Receiver, a_delivery_job, an_endpoint, listening

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """On this machine, named in the settings."""
    found = Receiver()
    settings.WEBHOOK_PRIVATE_HOSTS = [found.host]
    with listening(found):
        yield found


@pytest.fixture
def acme(receiver: Receiver) -> Endpoint:
    """The receiver's, which hears of sales and refunds."""
    return an_endpoint("acme", url=receiver.url, events=["order.completed", "order.refunded"])


def happened(order_id: int, kind: str = "order_paid", *, ago: timedelta = HOUR) -> Event:
    """A fact, long since turned into jobs."""
    at = timezone.now() - ago
    return Event.objects.create(
        type=f"orders.{kind}",
        subject=f"order:{order_id}",
        payload={"order_id": order_id},
        state="expanded",
        created_at=at,
        expanded_at=at,
    )


def work() -> list[Job]:
    """Relay and worker, until nothing is due; returns the jobs of webhooks, the oldest first."""
    for _ in range(3):
        expand_events()
        for row in Job.objects.filter(state="pending", task__contains="webhook").order_by("id"):
            run(row)
    return list(Job.objects.filter(task="notifications.deliver_webhook").order_by("id"))


def test_a_test_is_delivered_and_its_result_is_kept(acme: Endpoint, receiver: Receiver) -> None:
    webhook_id = recovery.send_test(endpoint_id=acme.pk, by="ada")
    recovery.send_test(endpoint_id=acme.pk, by="ada")

    assert len(work()) == 1
    assert receiver.accepted[webhook_id]["type"] == "endpoint.test"
    delivery = Delivery.objects.get()
    assert (delivery.subject, delivery.delivered_at is None) == ("endpoint:acme", False)


def test_one_is_sent_again_under_its_own_id_as_often_as_asked(
    acme: Endpoint, receiver: Receiver, order: Order
) -> None:
    first = a_delivery_job(acme, order.pk)
    run(first)
    delivery = Delivery.objects.get()
    for _ in range(2):
        recovery.resend(delivery_id=delivery.pk, by="ada", reason="they lost it")
    jobs = work()

    assert [one.key for one in jobs] == [
        first.key,
        f"{first.key}:resend-1",
        f"{first.key}:resend-2",
    ]
    assert {one.state for one in jobs} == {"done"}
    assert {headers["webhook-id"] for headers, _ in receiver.heard} == {first.key}
    assert len({body for _, body in receiver.heard}) == 1
    assert delivery.attempts.count() == 3


def test_what_is_owed_is_what_was_chosen_and_never_delivered(acme: Endpoint, order: Order) -> None:
    run(a_delivery_job(acme, order.pk))
    happened(order.pk)
    happened(order.pk, "order_cancelled")
    happened(7)
    happened(8, ago=3 * HOUR)
    for number, state in enumerate(("dead", "discarded", "pending"), 11):
        a_delivery_job(acme, number)
        Job.objects.filter(kwargs__order_id=number).update(state=state)
        happened(number)

    since = timezone.now() - 2 * HOUR
    assert [(one.order_id, one.state) for one in owed(acme, since)] == [
        (7, "missing"),
        (11, "dead"),
        (12, "discarded"),
    ]
    assert sum(count_owed(acme, since).values()) == 3


def test_recovery_brings_all_of_it_in_batches_and_is_safe_to_repeat(
    acme: Endpoint, receiver: Receiver, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed, "__kwdefaults__", {"after": 0, "limit": 1})
    for kind in ("order_paid", "order_refunded"):
        happened(order.pk, kind)
    dead = a_delivery_job(acme, order.pk, "order.refunded")
    Job.objects.update(state="dead", serial=None)

    since = timezone.now() - 2 * HOUR
    for _ in range(2):
        recovery.ask_for_recovery(endpoint_id=acme.pk, since=since, by="ada", reason="back")
        work()

    heard = Counter(headers["webhook-id"] for headers, _ in receiver.heard)
    assert heard == {dead.key: 1, f"acme:order.completed:{order.pk}": 1}
    assert heard.keys() == receiver.accepted.keys()
    assert Intervention.objects.get().by == "ada"
    assert not list(owed(acme, since))


def test_what_staff_discarded_comes_under_a_job_of_its_own(
    acme: Endpoint, receiver: Receiver, order: Order
) -> None:
    row = a_delivery_job(acme, order.pk)
    Job.objects.update(state="discarded")
    happened(order.pk)

    since = timezone.now() - 2 * HOUR
    recovery.ask_for_recovery(endpoint_id=acme.pk, since=since, by="ada", reason="after all")
    first, second = work()

    assert (first.state, second.state) == ("discarded", "done")
    assert second.key.startswith(f"{row.key}:recovered-")
    assert list(receiver.accepted) == [row.key]
    assert not list(owed(acme, since))
