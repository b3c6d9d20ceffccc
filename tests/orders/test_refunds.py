"""Money on its way back, at the sandbox's provider: once, whatever is asked and how often."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import Retry as CeleryRetry
from django.db.models import F
from pytest_django.fixtures import Settings

from deferral.errors import Bury
from deferral.handlers import JobSpec
from deferral.models import Event, Job
from orders import services
from orders.events import RefundRequested
from orders.handlers import give_money_back
from orders.models import Order, PaymentAttempt, Refund
from orders.payments.provider import gateway, refunds
from orders.payments.refunds.recording import mark_refund_refused
from tests.orders.buying import refund_of
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[[JobSpec], Job]


def decided(order: Order, **terms: Any) -> JobSpec:
    """The job of a refund that staff have just decided."""
    refund = refund_of(order, **terms)
    fact = RefundRequested(order_id=order.pk, refund_id=refund.pk)
    spec: JobSpec
    [spec] = give_money_back(fact)
    assert spec.key == refund.key
    return spec


def told(sandbox: Sandbox, order: Order) -> list[tuple[str, int, int, int]]:
    """What the provider says of it."""
    rows = sandbox.entries("payment", order.number)
    return [row for row in rows if row[0].startswith("refund")]


def test_a_refund_goes_back_once_and_is_announced(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    spec = decided(bought)

    assert run(spec).state == Job.State.DONE

    bought.refresh_from_db()
    assert (bought.state, bought.payments.get().state) == ("refunded", "refunded")
    assert told(sandbox, bought) == [("refund", 1, 0, 0)]
    assert Event.objects.filter(type="orders.order_refunded").count() == 1


def test_parts_go_back_each_once(bought: Order, sandbox: Sandbox, run: Run) -> None:
    for cents in (700, 1_000):
        spec = decided(bought, cents=cents)
        assert (run(spec).state, run(spec).state) == ("done", "done")
    bought.refresh_from_db()
    assert (bought.state, bought.payments.get().refunded_cents) == ("paid", 1_700)

    run(decided(bought))

    bought.refresh_from_db()
    assert bought.state == "refunded"
    effects = [("refund of 700 cents", 1, 0, 0), ("refund of 1000 cents", 1, 0, 0)]
    assert told(sandbox, bought) == [*effects, ("refund of 2390 cents", 1, 0, 0)]


def test_a_cancelled_order_that_was_to_be_refunded_already_is_refunded_once(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    spec = decided(bought)
    services.cancel_order(order_id=bought.pk, by="harbour", reason="second")

    assert Refund.objects.count() == 1
    assert run(spec).state == Job.State.DONE
    assert told(sandbox, bought) == [("refund", 1, 0, 0)]


def test_a_part_is_not_sent_twice_though_the_provider_has_forgotten_its_key(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    spec = decided(bought, cents=700)
    ref = bought.payments.get().provider_ref
    done = {"payment_intent": ref, "amount": 700, "metadata": {"key": spec.key}}
    sandbox.payments.refunds.create(done)  # under no key that the sandbox remembers
    Refund.objects.update(requested_at=F("requested_at") - timedelta(days=2))

    assert run(spec).state == Job.State.DONE

    assert [one.cents for one in refunds.refunds_of(ref)] == [700]
    assert PaymentAttempt.objects.get().refunded_cents == 700


def test_while_the_provider_is_away_the_order_is_not_refunded_and_it_is_tried_again(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    sandbox.fault("payment", mode="503")
    spec = decided(bought)

    with pytest.raises(CeleryRetry):
        run(spec)

    job = Job.objects.get(key=spec.key)
    bought.refresh_from_db()
    assert (job.state, job.attempts, bought.state) == ("pending", 1, "paid")


def test_a_refund_whose_reply_was_lost_is_not_made_twice(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    sandbox.fault("payment", mode="lost-reply")
    spec = decided(bought)
    with pytest.raises(CeleryRetry):
        run(spec)
    sandbox.fault("payment", mode="ok")
    Job.objects.filter(key=spec.key).update(next_at="2026-01-01T00:00:00Z")

    assert run(spec).state == Job.State.DONE
    assert told(sandbox, bought) == [("refund", 1, 1, 0)]


def test_a_refund_that_the_provider_made_under_a_key_it_has_forgotten_is_written_down(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    spec = decided(bought)
    refunds.refund(
        key="by hand in the dashboard",
        ref=bought.payments.get().provider_ref,
        order=bought.number,
        amount_cents=bought.total_cents,
    )

    assert run(spec).state == Job.State.DONE

    bought.refresh_from_db()
    assert (bought.state, bought.payments.get().state) == ("refunded", "refunded")
    assert sum(taken for _, taken, _, _ in told(sandbox, bought)) == 1
    assert Event.objects.filter(type="orders.order_refunded").count() == 1


def test_a_refund_that_the_provider_refuses_is_recorded_and_a_dead_letter(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    spec = decided(bought)
    PaymentAttempt.objects.update(amount_cents=bought.total_cents + 1)
    Refund.objects.update(amount_cents=bought.total_cents + 1)

    for _ in range(2):
        with pytest.raises(Bury):
            run(spec)
        Job.objects.filter(state="dead").update(state="pending", next_at="2026-01-01T00:00:00Z")

    refund = Refund.objects.get()
    assert (refund.state, Order.objects.get().state) == ("refused", "paid")
    assert "greater than unrefunded amount" in refund.refusal
    assert Event.objects.filter(type="orders.refund_refused").count() == 1


def test_a_refund_that_somebody_was_quicker_with_leaves_the_books_right(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    """Part of it went back in the dashboard, and ours is more than what is left there."""
    spec = decided(bought, cents=3_000)
    payment = bought.payments.get()
    sandbox.payments.refunds.create({"payment_intent": payment.provider_ref, "amount": 3_500})

    with pytest.raises(Bury):
        run(spec)

    rows = Refund.objects.order_by("id").values_list("by", "amount_cents", "state")
    assert list(rows) == [
        ("harbour", 3_000, "refused"),
        ("the provider's dashboard", 3_500, "done"),
    ]
    assert bought.payments.get().refunded_cents == 3_500


def test_a_key_that_was_used_otherwise_before_says_nothing_of_the_refund(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    """Stripe's idempotency_error is a 400, and no refusal."""
    spec = decided(bought)
    ref = bought.payments.get().provider_ref
    refunds.refund(key=spec.key, ref=ref, order=bought.number, amount_cents=1)

    with pytest.raises(CeleryRetry):
        run(spec)

    assert Refund.objects.get().state == "requested"


def test_a_dead_letter_in_whose_place_another_was_decided_settles(bought: Order, run: Run) -> None:
    spec = decided(bought, cents=700)
    mark_refund_refused(refund_id=Refund.objects.get().pk, refusal="no")
    refund_of(bought, cents=800)

    assert run(spec).state == Job.State.DONE
    assert Refund.objects.filter(state="refused").count() == 1


def test_a_key_of_ours_that_the_provider_refuses_says_nothing_of_the_refund(
    bought: Order, run: Run, settings: Settings
) -> None:
    spec = decided(bought)
    settings.PAYMENT_SECRET_KEY = "sk_test_revoked"
    gateway.client.cache_clear()
    try:
        with pytest.raises(Bury):
            run(spec)
    finally:
        gateway.client.cache_clear()

    assert Refund.objects.get().state == "requested"
