"""Once more: a test, one delivery again, everything that an endpoint did not get since a moment."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from deferral.errors import NotAllowed
from deferral.models import Event, Intervention, Job
from deferral.relay.expansion import expand_events
from orders.models import Order
from tests.deferral.bench import run
from tests.orders.buying import paid, refund_of, stands
from tests.reports.paid_orders import a_line, saved
from tests.rig import clocks
from tests.webhooks.receiving import Receiver, a_delivery_job, an_endpoint
from webhooks import recovery
from webhooks.endpoints import disable
from webhooks.missed import count_missed, missed
from webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


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
    return list(Job.objects.filter(task="webhooks.deliver_webhook").order_by("id"))


def test_a_test_is_delivered_and_its_result_is_kept(
    acme: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    with monkeypatch.context() as clock:
        clocks.replace(clock, "time", lambda: now)  # the two lie within one second
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

    assert [one.key.rpartition("-")[0] for one in jobs[1:]] == [
        f"{first.key}:resend-1",
        f"{first.key}:resend-2",
    ]
    assert {one.state for one in jobs} == {"done"}
    assert {headers["webhook-id"] for headers, _ in receiver.received} == {first.key}
    assert len({body for _, body in receiver.received}) == 1
    assert delivery.attempts.count() == 3


def test_what_was_missed_is_what_was_chosen_and_never_delivered(
    acme: Endpoint, order: Order
) -> None:
    run(a_delivery_job(acme, order.pk))
    happened(order.pk)
    happened(order.pk, "order_cancelled")
    others = [saved(a_line()).pk for _ in range(5)]
    happened(others[0])
    happened(others[1], ago=3 * HOUR)
    for other, state in zip(others[2:], ("dead", "discarded", "pending"), strict=True):
        a_delivery_job(acme, other)
        Job.objects.filter(kwargs__order_id=other).update(state=state)
        happened(other)

    since = timezone.now() - 2 * HOUR
    assert [(one.order_id, one.state) for one in missed(acme, since)] == [
        (others[0], "missing"),
        (others[2], "dead"),
        (others[3], "discarded"),
    ]
    assert count_missed(acme, since) == {
        ("order.completed", "missing"): 1,
        ("order.completed", "dead"): 1,
        ("order.completed", "discarded"): 1,
    }


def test_what_was_sent_again_ends_its_dead_letter_and_the_orders_next_one_passes(
    acme: Endpoint, receiver: Receiver, order: Order
) -> None:
    first, second = (a_delivery_job(acme, order.pk, what) for what in acme.events)
    receiver.answer(500)
    Job.objects.filter(pk=first.pk).update(attempts=9)
    assert run(first).state == "dead"
    assert run(second).state == "pending"

    recovery.resend(delivery_id=Delivery.objects.get().pk, by="ada", reason="they are back")
    jobs = work()

    assert [one.state for one in jobs] == ["discarded", "done", "done"]
    assert Intervention.objects.get().reason == f"Delivered by {jobs[-1].key}."
    assert list(receiver.accepted) == [first.key, second.key]


def test_what_stands_behind_a_dead_one_was_missed_and_is_recovered(
    acme: Endpoint, receiver: Receiver, order: Order
) -> None:
    """The dead one is older than what is asked for: only who waits behind it says so."""
    first, second = (a_delivery_job(acme, order.pk, what) for what in acme.events)
    Job.objects.filter(pk=first.pk).update(state="dead")
    happened(order.pk, ago=3 * HOUR)
    happened(order.pk, "order_refunded")

    since = timezone.now() - 2 * HOUR
    assert [(one.job_id, one.state) for one in missed(acme, since)] == [(second.pk, "held up")]
    recovery.ask_for_recovery(endpoint_id=acme.pk, since=since, by="ada", reason="back")
    work()

    assert list(receiver.accepted) == [first.key, second.key]
    assert not list(missed(acme, since))


def test_recovery_brings_all_of_it_in_batches_and_is_safe_to_repeat(
    acme: Endpoint, receiver: Receiver, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "__kwdefaults__", {"after": 0, "limit": 1})
    for kind in ("order_paid", "order_refunded"):
        happened(order.pk, kind)
    dead = a_delivery_job(acme, order.pk, "order.refunded")
    Job.objects.update(state="dead", ordering_key=None)

    since = timezone.now() - 2 * HOUR
    for _ in range(2):
        recovery.ask_for_recovery(endpoint_id=acme.pk, since=since, by="ada", reason="back")
        work()

    received = Counter(headers["webhook-id"] for headers, _ in receiver.received)
    assert received == {dead.key: 1, f"acme:order.completed:{order.reference}": 1}
    assert received.keys() == receiver.accepted.keys()
    assert Intervention.objects.get().by == "ada"
    assert not list(missed(acme, since))


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
    assert second.key == f"{row.key}:recovered-{row.task_id.hex[:8]}"
    assert list(receiver.accepted) == [row.key]
    assert not list(missed(acme, since))


def test_two_recoveries_at_once_bring_what_was_discarded_once(
    acme: Endpoint, receiver: Receiver, order: Order
) -> None:
    a_delivery_job(acme, order.pk)
    Job.objects.update(state="discarded")
    happened(order.pk)
    since = (timezone.now() - 2 * HOUR).isoformat()

    for _ in range(2):
        assert recovery.recover(acme, since=since, by="ada") == 1
    for _ in range(2):  # one subject, one after the other
        expand_events()
    assert recovery.recover(acme, since=since, by="ada") == 0
    work()

    assert len(receiver.received) == 1


def test_what_was_missing_stands_in_its_orders_series_and_a_repeat_waits_for_no_other(
    acme: Endpoint, receiver: Receiver, order: Order
) -> None:
    happened(order.pk)
    recovery.recover(acme, since=(timezone.now() - 2 * HOUR).isoformat(), by="ada")
    work()
    recovery.resend(delivery_id=Delivery.objects.get().pk, by="ada", reason="they lost it")

    assert [one.ordering_key for one in work()] == [f"webhook:acme:{order.reference}", None]


def test_what_was_recovered_in_vain_is_missed_as_its_last_job_is(
    acme: Endpoint, receiver: Receiver, order: Order
) -> None:
    a_delivery_job(acme, order.pk)
    Job.objects.update(state="discarded")
    happened(order.pk)
    since = (timezone.now() - 2 * HOUR).isoformat()
    recovery.recover(acme, since=since, by="ada")
    expand_events()
    Job.objects.filter(key__contains=":recovered-").update(state="dead")

    assert [one.state for one in missed(acme, since)] == ["dead"]
    recovery.recover(acme, since=since, by="ada")
    work()
    assert len(receiver.accepted) == 1


def test_a_disabled_endpoint_is_brought_nothing(
    acme: Endpoint, receiver: Receiver, order: Order
) -> None:
    happened(order.pk)
    since = timezone.now() - 2 * HOUR
    disable(endpoint_id=acme.pk, by="ada", reason="they asked us to")

    with pytest.raises(NotAllowed):
        recovery.ask_for_recovery(endpoint_id=acme.pk, since=since, by="ada", reason="back")
    assert recovery.recover(acme, since=since.isoformat(), by="ada") == 0
    assert not Event.objects.filter(type__startswith="webhooks.").exists()


def test_one_sent_again_says_what_it_is_about_even_when_its_row_is_gone(
    acme: Endpoint, receiver: Receiver, order: Order
) -> None:
    run(a_delivery_job(acme, order.pk))
    delivery = Delivery.objects.get()
    recovery.resend(delivery_id=delivery.pk, by="ada", reason="they lost it")
    expand_events()
    delivery.delete()
    job = Job.objects.get(key__contains=":resend-1-")

    assert run(job).state == "done"
    assert receiver.accepted[delivery.webhook_id]["type"] == "order.completed"


def test_nobody_is_sent_a_test_under_an_orders_webhook_id(acme: Endpoint, order: Order) -> None:
    """Rows of older releases do not say which order."""
    job = a_delivery_job(acme, None)

    assert (run(job).state, Delivery.objects.exists()) == ("dead", False)


def test_refunds_of_parts_are_missed_each_by_its_own_name(receiver: Receiver) -> None:
    """Two of one order: the first was delivered, the second never."""
    shop = an_endpoint("shopfitter", url=receiver.url, events=["order.partly_refunded"])
    order = paid()
    parts = [stands(refund_of(order, cents=500)) for _ in range(2)]
    Event.objects.update(
        state="expanded", created_at=timezone.now() - HOUR, expanded_at=timezone.now() - HOUR
    )
    since = timezone.now() - 2 * HOUR
    names = [f"shopfitter:order.partly_refunded:{one.name}" for one in parts]
    assert [one.webhook_id for one in missed(shop, since)] == names

    recovery.recover(shop, since=since.isoformat(), by="ada")
    work()
    assert [receiver.accepted[name]["data"]["refund"]["cents"] for name in names] == [500, 500]
    assert list(missed(shop, since)) == []
