"""The mail about a payment that failed while its customer was not there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from deferral.events import publish
from deferral.models import Job
from deferral.relay.expansion import expand_events
from notifications.services import send_payment_failed
from orders import services
from orders.events import PaymentFailed
from orders.models import Order, PaymentAttempt
from orders.payments import trying_again
from orders.payments.provider.settlements import Settlement
from tests.orders.buying import placed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outside_a_job")]
DECLINED = Settlement(outcome="failed", ref="pi_1", reason="Your card was declined.")


@pytest.fixture
def failed() -> PaymentAttempt:
    """Found by a worker; the goods are kept."""
    _, attempt = placed()
    hour = timedelta(hours=1)
    services.mark_failed(attempt_id=attempt.pk, settlement=DECLINED, keep=hour, tell=True)
    return attempt


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would go to the mail server."""
    mails: list[Any] = []
    monkeypatch.setattr("notifications.delivery.send_mail", mails.append)
    return mails


def test_it_says_why_how_to_pay_again_and_until_when(
    failed: PaymentAttempt, sent: list[Any]
) -> None:
    send_payment_failed(attempt_id=failed.pk, key="k")

    [mail] = sent
    order = Order.objects.get()
    assert (mail.to, order.number in mail.subject) == (order.email, True)
    for text in (mail.text, mail.html):
        assert "Your card was declined. Nothing was charged" in text
        assert f"/orders/{order.number}/?token={order.link_token}" in text
        assert "is kept for you until" in text


def test_when_the_time_is_over_it_leads_to_the_shop(
    failed: PaymentAttempt, sent: list[Any]
) -> None:
    Order.objects.update(kept_until=datetime.now(UTC))
    send_payment_failed(attempt_id=failed.pk, key="k")

    assert "please order again" in sent[0].text
    assert "Pay again" not in sent[0].html


@pytest.mark.parametrize("state", ["awaiting_payment", "paid"])
def test_who_pays_again_meanwhile_is_told_nothing(
    state: str, failed: PaymentAttempt, sent: list[Any]
) -> None:
    Order.objects.update(state=state)
    send_payment_failed(attempt_id=failed.pk, key="k")

    assert sent == []


def test_of_two_attempts_only_the_last_is_told(failed: PaymentAttempt, sent: list[Any]) -> None:
    failed.order.payments.create(amount_cents=1, state="failed")
    send_payment_failed(attempt_id=failed.pk, key="k")

    assert sent == []


def test_announced_twice_it_is_one_job_whose_key_is_never_another_orders(
    failed: PaymentAttempt,
) -> None:
    with transaction.atomic():
        publish(
            PaymentFailed(order_id=failed.order_id, attempt_id=failed.pk),
            subject=failed.order.subject,
        )
    while expand_events():
        pass

    job = Job.objects.get(task="notifications.send_payment_failed")
    assert job.key == f"payment_failed:{failed.order.reference}:{failed.key}"


def test_it_waits_for_a_customer_who_may_be_taking_another_card(
    failed: PaymentAttempt, sent: list[Any]
) -> None:
    """A worker hears of what the checkout has called off, and the checkout's process dies there."""
    while expand_events():
        pass
    job = Job.objects.get(task="notifications.send_payment_failed")
    assert job.next_at > job.created_at + timedelta(seconds=50)

    trying_again.begin_again(order_id=failed.order_id, ended={failed.pk}, method="pm_card_visa")
    send_payment_failed(attempt_id=failed.pk, key=job.key)
    assert sent == []
