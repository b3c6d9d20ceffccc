"""Payments whose end nobody saw: asked about until the provider knows."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from celery.exceptions import Retry as CeleryRetry
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from deferral.errors import Snooze
from deferral.handlers import job
from deferral.models import Event, Job
from orders import services
from orders.events import PaymentUnknown, RefundRequested
from orders.handlers import give_money_back
from orders.models import Order, PaymentAttempt, Reconciliation, Refund
from orders.payments import paying
from orders.payments.provider import gateway
from shop.checkout import check_out, place, record_outcome
from shop.comparing_books import compare_books as compare_the_books
from shop.handlers import ask_about_payment
from shop.models import Product
from shop.settlement import (
    hear_of_payment,
    patience,
    settle_payment,
    settle_stale_payments,
)
from shop.tasks import compare_books
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import a_draft, left_of
from tests.shop.conftest import Run

Shop = dict[str, Product]


def aged(attempt: PaymentAttempt, **age: int) -> PaymentAttempt:
    """The attempt, begun a while ago."""
    attempt.created_at = datetime.now(UTC) - timedelta(**age)
    attempt.save(update_fields=["created_at"])
    return attempt


def test_a_charge_whose_reply_was_lost_is_found_and_paid(
    open_shop: Shop, bank: Sandbox, run: Run
) -> None:
    order = check_out(draft=a_draft(open_shop["lantern"]), method="pm_sandbox_replyLost").order
    [attempt] = order.payments.all()
    [spec] = ask_about_payment(PaymentUnknown(order_id=order.pk, attempt_id=attempt.pk))

    assert run(spec).state == Job.State.DONE
    assert Order.objects.get().state == "paid"
    assert bank.entries("payment", order.number) == [("charge", 1, 2, 0)]
    assert [event.type for event in Event.objects.order_by("id")] == [
        "orders.payment_unknown",
        "orders.order_paid",
    ]


def test_of_an_attempt_without_a_method_the_job_waits_and_the_stock_is_kept(
    open_shop: Shop, bank: Sandbox, run: Run
) -> None:
    attempt = begun(open_shop["lantern"])
    [spec] = ask_about_payment(PaymentUnknown(order_id=attempt.order_id, attempt_id=attempt.pk))

    with pytest.raises(CeleryRetry):
        run(spec)
    job = Job.objects.get(key=spec.key)
    assert (job.state, job.attempts, job.snoozes) == (Job.State.PENDING, 0, 1)
    assert left_of(open_shop["lantern"]) == 3


def test_after_fifteen_minutes_it_is_called_off_and_an_hour_later_the_stock_comes_back(
    open_shop: Shop, bank: Sandbox
) -> None:
    attempt = aged(begun(open_shop["lantern"]), minutes=16)
    settle_payment(attempt_id=attempt.pk)

    assert bank.payments.payment_intents.retrieve(attempt.provider_ref).status == "canceled"
    assert Order.objects.get().state == "payment_failed"
    settle_stale_payments()
    assert left_of(open_shop["lantern"]) == 3
    Order.objects.update(kept_until=datetime.now(UTC))
    for _ in range(2):
        settle_stale_payments()
    assert left_of(open_shop["lantern"]) == 4


def begun(product: Product) -> PaymentAttempt:
    """A checkout that died between naming the charge and making it."""
    order, attempt, _ = place(a_draft(product))
    attempt.provider_ref = gateway.create(
        key=str(attempt.key),
        order=order.reference,
        number=order.number,
        amount_cents=1000,
        currency="eur",
    )
    attempt.save()
    services.mark_unknown(attempt_id=attempt.pk)
    return attempt


def test_a_checkout_that_died_is_found_after_a_minute(open_shop: Shop) -> None:
    _, fresh, _ = place(a_draft(open_shop["lantern"]))
    _, stale, _ = place(a_draft(open_shop["lantern"]))
    aged(stale, seconds=61)
    settle_stale_payments()
    settle_stale_payments()

    [event] = Event.objects.all()
    assert event.payload["attempt_id"] == stale.pk
    fresh.refresh_from_db()
    assert fresh.state == PaymentAttempt.State.REQUESTED


def test_an_order_that_somebody_holds_keeps_no_other_from_being_found(open_shop: Shop) -> None:
    held, stale = (aged(place(a_draft(open_shop["lantern"]))[1], seconds=61) for _ in range(2))
    with closing(connections.create_connection("default")) as session:
        with session.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM orders_order WHERE id = %s FOR UPDATE", [held.order_id])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        settle_stale_payments()
    connection.close()

    [event] = Event.objects.all()
    assert event.payload["attempt_id"] == stale.pk


def test_a_silent_provider_makes_nothing_certain(
    open_shop: Shop, bank: Sandbox, settings: object
) -> None:
    attempt = begun(open_shop["lantern"])
    bank.fault("payment", mode="503", rate=100, seconds=5)
    try:
        with pytest.raises(Snooze):
            settle_payment(attempt_id=attempt.pk)
    finally:
        bank.fault("payment", mode="ok")

    assert Order.objects.get().state == "payment_unknown"


def test_an_outcome_recorded_twice_changes_nothing(open_shop: Shop, bank: Sandbox) -> None:
    done = check_out(draft=a_draft(open_shop["lantern"]), method="pm_card_chargeDeclined")
    [attempt] = done.order.payments.all()
    failed = gateway.Settlement(outcome="failed", reason="again")
    record_outcome(attempt_id=attempt.pk, settlement=failed)

    attempt.refresh_from_db()
    assert attempt.reason != "again"
    assert left_of(open_shop["lantern"]) == 4


def test_what_is_settled_is_not_asked_about(
    open_shop: Shop, bank: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = check_out(draft=a_draft(open_shop["lantern"]), method="pm_card_visa")
    [attempt] = done.order.payments.all()
    monkeypatch.delattr(gateway, "ask")

    settle_payment(attempt_id=attempt.pk)


@pytest.mark.parametrize(("age", "wait"), [(0, 5), (30, 10), (900, 60)])
def test_questions_become_rarer(age: int, wait: int) -> None:
    attempt = PaymentAttempt(created_at=datetime.now(UTC) - timedelta(seconds=age))

    assert round(patience(attempt)) == wait


def test_money_that_came_after_the_order_was_given_up_goes_back_and_is_told(
    open_shop: Shop, bank: Sandbox, run: Run
) -> None:
    """Its stock is somebody else's by now. Customer and staff hear of it, once."""
    order, attempt, _ = place(a_draft(open_shop["lantern"]))
    paid = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
    failed = gateway.Settlement(outcome="failed", ref=paid.ref)
    record_outcome(attempt_id=attempt.pk, settlement=failed)
    assert left_of(open_shop["lantern"]) == 4

    for _ in range(2):
        hear_of_payment(provider_ref=paid.ref)

    order.refresh_from_db()
    attempt.refresh_from_db()
    assert (order.state, attempt.state, order.closed_by) == (
        "payment_failed",
        "captured",
        "the shop",
    )
    assert left_of(open_shop["lantern"]) == 4
    told = Event.objects.filter(subject=order.subject).order_by("id").values_list("type", flat=True)
    assert list(told) == ["orders.payment_too_late", "orders.refund_requested"]

    [refund] = Refund.objects.all()
    [spec] = give_money_back(RefundRequested(order_id=order.pk, refund_id=refund.pk))
    run(spec)
    order.refresh_from_db()
    attempt.refresh_from_db()
    assert (order.state, attempt.state) == ("payment_failed", "refunded")
    assert bank.entries("payment", order.number) == [("charge", 1, 0, 0), ("refund", 1, 0, 0)]
    assert told.count() == 2
    page = Client().get(f"/orders/{order.number}/?token={order.link_token}").content
    assert b"after the order had been given up. It went back to you." in page
    assert b"Nothing was charged" not in page


def test_yesterdays_lost_payment_is_found_at_night(
    open_shop: Shop, bank: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, attempt, _ = place(a_draft(open_shop["lantern"]))
    paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("shop.comparing_books.timezone.localdate", lambda: tomorrow)

    assert run(job(compare_books, key="schedule:books:1")).state == Job.State.DONE

    assert Order.objects.get().state == "paid"
    report = Reconciliation.objects.get()
    assert report.theirs >= 1
    mended = [one for one in report.findings if one["ref"] == attempt_ref(attempt.pk)]
    assert mended == []


def attempt_ref(attempt_id: int) -> str:
    return PaymentAttempt.objects.get(pk=attempt_id).provider_ref


def test_days_that_nobody_compared_are_made_up_for(open_shop: Shop, bank: Sandbox) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    sums = {"ours": 0, "theirs": 0, "ours_cents": 0, "theirs_cents": 0}
    Reconciliation.objects.create(day=yesterday - timedelta(days=3), **sums)

    compare_the_books()

    days = set(Reconciliation.objects.values_list("day", flat=True))
    assert days == {yesterday - timedelta(days=n) for n in range(4)}
    compare_the_books()
    assert Reconciliation.objects.count() == 4
