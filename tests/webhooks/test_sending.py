"""Webhooks out, each as a real job against a real receiver: what is kept, and what comes of it."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Thread, Timer

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django.fixtures import Settings

from deferral.errors import NotAllowed
from deferral.models import Breaker, Event, Job
from orders.models import Order
from tests.deferral.bench import run
from tests.rig import clocks
from tests.webhooks.receiving import SECRET, Receiver, a_delivery_job, an_endpoint
from webhooks import outbound
from webhooks.deliveries import forget_deliveries, keep_attempt
from webhooks.endpoints import note_failure, rotate_secret
from webhooks.models import Delivery, DeliveryAttempt, Endpoint
from webhooks.payloads import webhook
from webhooks.recovery import resend
from webhooks.sealing import opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme(receiver: Receiver) -> Endpoint:
    """The receiver's."""
    return an_endpoint("acme", url=receiver.url)


@pytest.fixture
def job(acme: Endpoint, order: Order) -> Job:
    """A sale, to be told."""
    return a_delivery_job(acme, order.pk)


def again(row: Job) -> Job:
    """Its next attempt, whenever that would be."""
    Job.objects.filter(pk=row.pk).update(next_at=Now(), sent_at=None)
    return run(row)


def wait_of(row: Job) -> float:
    """Seconds from its last attempt to its next."""
    assert row.started_at
    return (row.next_at - row.started_at).total_seconds()


def test_what_is_delivered_is_verified_by_the_receiver_and_kept(
    job: Job, receiver: Receiver, order: Order
) -> None:
    assert run(job).state == "done"

    assert receiver.accepted[job.key]["data"]["order"] == order.reference
    delivery = Delivery.objects.get()
    assert (delivery.webhook_id, delivery.type) == (job.key, "order.completed")
    assert delivery.delivered_at
    [attempt] = delivery.attempts.all()
    assert (attempt.status, attempt.error) == (204, "")


def test_every_attempt_is_kept_although_the_job_fails(job: Job, receiver: Receiver) -> None:
    receiver.answer(503, b"come\x00again" + b"!" * 2_000)
    receiver.answer(500)
    assert run(job).state == "pending"
    again(job)
    assert again(job).state == "done"

    attempts = list(DeliveryAttempt.objects.order_by("id"))
    assert [one.status for one in attempts] == [503, 500, 204]
    assert len(attempts[0].response) == 1_024
    assert "\x00" not in attempts[0].response


def test_every_attempt_says_the_same_and_is_signed_anew(
    job: Job, receiver: Receiver, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answer(503)
    run(job)
    Order.objects.filter(pk=order.pk).update(total_cents=F("total_cents") + 1)
    now = time.time()
    clocks.replace(monkeypatch, "time", lambda: now + 60)
    again(job)

    (first, said), (second, repeated) = receiver.received
    assert said == repeated == Delivery.objects.get().body.encode()
    assert first["webhook-id"] == second["webhook-id"] == job.key
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) >= 60
    assert first["webhook-signature"] != second["webhook-signature"]


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 422, 500, 503])
def test_only_2xx_is_success_and_nothing_else_is_the_end(
    status: int, job: Job, receiver: Receiver
) -> None:
    receiver.answer(status, location=f"{receiver.url}/elsewhere")

    row = run(job)

    assert (row.state, row.attempts, len(receiver.received)) == ("pending", 1, 1)
    assert 3.9 < wait_of(row) < 6.1
    assert again(row).state == "done"


def test_the_tenth_failure_is_a_dead_letter(job: Job, receiver: Receiver) -> None:
    Job.objects.update(attempts=9)
    receiver.answer(500)

    row = run(job)

    assert (row.state, row.attempts, row.cause) == ("dead", 10, "acme answered 500")


def test_who_has_too_much_to_do_is_given_a_minute(job: Job, receiver: Receiver) -> None:
    receiver.answer(429, retry_after="7")

    assert 59 < wait_of(run(job)) < 62
    assert Breaker.objects.get(name="acme").openings == 1


@pytest.mark.parametrize(("asked", "min_wait", "most"), [("7", 6.9, 7.3), ("3600", 9.9, 10.3)])
def test_retry_after_counts_up_to_twice_the_planned_wait(
    asked: str, min_wait: float, most: float, job: Job, receiver: Receiver
) -> None:
    receiver.answer(503, retry_after=asked)

    assert min_wait < wait_of(run(job)) < most


def test_who_does_not_answer_in_time_is_given_a_minute(
    job: Job, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "DEADLINE", 0.2)
    receiver.pause = 1.0

    assert 59 < wait_of(run(job)) < 62
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.status, attempt.error) == (None, "did not answer: within 15 s")


def test_an_attempt_that_the_tasks_own_limit_ends_is_kept(job: Job, receiver: Receiver) -> None:
    def strike(*_: object) -> None:
        raise SoftTimeLimitExceeded

    receiver.pause = 2.0
    before = signal.signal(signal.SIGUSR2, strike)
    Timer(0.5, os.kill, (os.getpid(), signal.SIGUSR2)).start()
    try:
        row = run(job)
    finally:
        signal.signal(signal.SIGUSR2, before)

    assert (row.state, row.attempts) == ("pending", 1)
    assert 59 < wait_of(row) < 62
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.status, attempt.error) == (None, "did not answer: within the task's time")
    assert 400 < attempt.milliseconds < 1_900
    assert Breaker.objects.get(name="acme").failures == 1


def test_410_disables_at_once_and_what_is_open_is_not_sent(
    job: Job, receiver: Receiver, acme: Endpoint
) -> None:
    other = a_delivery_job(acme, job.kwargs["order_id"], "order.refunded")
    Job.objects.filter(pk=other.pk).update(ordering_key=None)
    receiver.answer(410)

    dead, unsent = run(job), run(other)

    assert (dead.state, dead.cause) == (unsent.state, unsent.cause) == ("dead", "acme is disabled")
    assert len(receiver.received) == 1
    acme.refresh_from_db()
    assert acme.disabled_at
    assert acme.disabled_because == "It answered 410: gone."
    assert [one.status for one in DeliveryAttempt.objects.all()] == [410]
    assert announced() == ["webhooks.endpoint_disabled"]


def test_five_days_without_success_disable_and_staff_are_told_before(
    job: Job, receiver: Receiver, acme: Endpoint
) -> None:
    for days, failures in ((0, 0), (1.1, 1), (1.5, 5), (3.1, 9), (5.1, 18), (5.2, 19)):
        began = timezone.now() - timedelta(days=days)
        Endpoint.objects.filter(pk=acme.pk).update(failing_since=began, failures=failures)
        Job.objects.update(attempts=0)
        receiver.answer(500)
        again(job)

    assert announced() == [
        "webhooks.endpoint_failing",
        "webhooks.endpoint_failing",
        "webhooks.endpoint_disabled",
    ]
    acme.refresh_from_db()
    assert (acme.failures, acme.disabled_because) == (20, "No success for five days.")
    assert Job.objects.get(pk=job.pk).state == "dead"


def announced() -> list[str]:
    """The facts about the endpoint, of each of which staff hear by mail."""
    facts = Event.objects.filter(subject="endpoint:acme").order_by("id")
    return list(facts.values_list("type", flat=True))


def test_two_failures_at_once_warn_once(acme: Endpoint) -> None:
    """The row's lock: the second is counted after the first, whatever it saw before."""
    began = timezone.now() - timedelta(days=1.1)
    Endpoint.objects.filter(pk=acme.pk).update(failing_since=began, failures=5)

    meanwhile(partial(note_failure, acme.pk, gone=False))

    acme.refresh_from_db()
    assert (acme.failures, acme.warned) == (7, 1)
    assert Event.objects.filter(type="webhooks.endpoint_failing").count() == 1


def test_two_who_send_one_again_at_once_get_two_numbers(job: Job) -> None:
    run(job)
    delivery = Delivery.objects.get()

    meanwhile(partial(resend, delivery_id=delivery.pk, by="ada", reason="they lost it"))

    asked = Event.objects.filter(type="deferral.job_asked_for")
    assert {one.payload["key"].split(":")[-1][:8] for one in asked} == {"resend-1", "resend-2"}


def meanwhile(act: Callable[[], object]) -> None:
    """Twice at once: the second begins before the first has committed."""

    def second() -> None:
        with contextlib.closing(connection), transaction.atomic():
            act()

    with transaction.atomic():
        act()
        other = Thread(target=second)
        other.start()
        other.join(timeout=0.5)
    other.join()


def test_a_success_ends_the_failures(job: Job, acme: Endpoint) -> None:
    Endpoint.objects.filter(pk=acme.pk).update(failing_since=Now(), failures=19, warned=3)

    run(job)

    acme.refresh_from_db()
    assert (acme.failing_since, acme.failures, acme.warned) == (None, 0, 0)


def test_an_address_of_our_own_network_is_a_dead_letter_at_once(
    job: Job, receiver: Receiver, settings: Settings
) -> None:
    Endpoint.objects.filter(slug="acme").update(url="https://169.254.169.254/latest/")

    row = run(job)

    assert (row.state, row.cause) == ("dead", "acme's address may not be called")
    assert "169.254.169.254, which is not public" in DeliveryAttempt.objects.get().error
    assert not Breaker.objects.filter(name="acme").exists()


def test_a_name_that_leads_into_our_network_today_is_tried_again(
    job: Job, receiver: Receiver
) -> None:
    """Its owner will mend it, or somebody plays with it: no person of ours has to see to each."""
    Endpoint.objects.filter(slug="acme").update(url="https://localhost/hooks")

    row = run(job)

    assert (row.state, row.attempts) == ("pending", 1)
    assert "localhost leads to " in DeliveryAttempt.objects.get().error


def test_a_slot_is_given_back_whatever_happened(job: Job, receiver: Receiver) -> None:
    receiver.answer(500)
    run(job)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)


def test_what_is_secret_in_an_answer_is_not_kept(job: Job, receiver: Receiver) -> None:
    receiver.answer(503, f"for ada@acme.example, {SECRET}".encode())

    run(job)

    [attempt] = DeliveryAttempt.objects.all()
    assert "ada@acme.example" not in attempt.response
    assert SECRET not in attempt.response
    assert attempt.response == "for a***@acme.example, whsec_[redacted]"


def test_a_long_word_for_an_answer_costs_no_time(job: Job, receiver: Receiver) -> None:
    receiver.answer(503, b"a." * 32_000)
    run(job)
    delivery = Delivery.objects.get()

    began = time.process_time()
    keep_attempt(delivery, outbound.Answer(took=1, status=503, text="a." * 32_000))
    assert time.process_time() - began < 1


def test_a_secret_is_not_replaced_again_while_the_one_before_counts(acme: Endpoint) -> None:
    """A second press would end what the receiver has."""
    first = rotate_secret(endpoint_id=acme.pk, by="ada", reason="it was on a photograph")
    with pytest.raises(NotAllowed, match="less than a day ago"):
        rotate_secret(endpoint_id=acme.pk, by="ada", reason="it was on a photograph")
    assert Endpoint.objects.get(pk=acme.pk).secrets == [first.secret, SECRET]

    Endpoint.objects.filter(pk=acme.pk).update(previous_until=Now())
    rotate_secret(endpoint_id=acme.pk, by="ada", reason="and once more")


def test_while_a_secret_is_replaced_the_receiver_may_have_either(
    job: Job, receiver: Receiver, acme: Endpoint
) -> None:
    changed = rotate_secret(endpoint_id=acme.pk, by="ada", reason="it was on a photograph")
    assert run(job).state == "done"

    receiver.secret = changed.secret
    Endpoint.objects.filter(pk=acme.pk).update(previous_until=Now() - timedelta(seconds=1))
    Job.objects.update(state="pending", attempts=0)
    assert again(job).state == "done"
    assert opened(changed.previous_secret) == SECRET != changed.secret
    assert len(receiver.received[-1][0]["webhook-signature"].split()) == 1


@pytest.mark.parametrize(
    ("what", "moment"),
    [
        ("order.completed", "2026-11-21T18:05:07.123456+00:00"),
        ("order.cancelled", "2026-11-22T09:00:00+00:00"),
        ("order.refunded", "2026-11-24T10:00:00+00:00"),
    ],
)
def test_it_says_when_it_happened(order: Order, what: str, moment: str) -> None:
    Order.objects.update(closed_at="2026-11-22T09:00Z", refunded_at="2026-11-24T10:00Z")
    order.refresh_from_db()

    assert webhook(order, what)["timestamp"] == moment


def test_nobody_hears_a_name_or_an_address(order: Order) -> None:
    told = json.dumps(webhook(order, "order.completed"))

    assert order.number in told
    for private in (order.name, order.email, order.link_token):
        assert json.dumps(private)[1:-1] not in told


def test_deliveries_leave_with_the_ledgers_rows(job: Job) -> None:
    run(job)
    assert forget_deliveries() == 0
    Delivery.objects.update(created_at=Now() - timedelta(days=91))

    Job.objects.update(state="dead")
    assert forget_deliveries() == 0
    Job.objects.update(state="done")

    assert forget_deliveries() == 1
    assert not DeliveryAttempt.objects.exists()
