"""Money on its way back, at the sandbox's provider: once, whatever is asked and how often."""

from collections.abc import Callable

import pytest
from celery import current_app
from celery.exceptions import Retry as CeleryRetry

from deferral.errors import Bury
from deferral.handlers import JobSpec
from deferral.models import Event, Job
from orders import gateway, paying, services
from orders.events import OrderCancelled, RefundRequested
from orders.handlers import give_money_back
from orders.models import Order
from tests.orders.buying import in_state, placed
from tests.sandbox.running_sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[[JobSpec], Job]


@pytest.fixture
def run() -> Run:
    """Write a job's row, unless it is there, and run it as a worker does."""

    def run(spec: JobSpec) -> Job:
        facts = {"subject": "order:H-1", "task": spec.spec.name, "lane": spec.spec.lane}
        job, _ = Job.objects.get_or_create(key=spec.key, defaults={**facts, "kwargs": spec.kwargs})
        current_app.tasks[job.task](job=job.pk)
        job.refresh_from_db()
        return job

    return run


@pytest.fixture
def bought(outside: Sandbox) -> Order:
    """Paid, with real (sandbox) money."""
    _, attempt = placed()
    settlement = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
    return services.mark_paid(attempt_id=attempt.pk, settlement=settlement)


def refunds(outside: Sandbox, order: Order) -> list[tuple[str, int, int, int]]:
    """What the provider says of it."""
    return [row for row in outside.entries("payment", order.number) if row[0] == "refund"]


def test_a_refund_goes_back_once_and_is_announced(
    bought: Order, outside: Sandbox, run: Run
) -> None:
    [spec] = give_money_back(RefundRequested(order_id=bought.pk))

    assert run(spec).state == Job.State.DONE

    bought.refresh_from_db()
    assert (bought.state, bought.payments.get().state) == ("refunded", "refunded")
    assert refunds(outside, bought) == [("refund", 1, 0, 0)]
    assert Event.objects.filter(type="orders.order_refunded").count() == 1


def test_a_cancelled_order_that_was_to_be_refunded_already_is_refunded_once(
    bought: Order, outside: Sandbox, run: Run
) -> None:
    services.request_refund(order_id=bought.pk, by="harbour", reason="first")
    services.cancel_order(order_id=bought.pk, by="harbour", reason="second")
    [one] = give_money_back(RefundRequested(order_id=bought.pk))
    [two] = give_money_back(OrderCancelled(order_id=bought.pk))

    assert one.key == two.key
    assert run(two).state == Job.State.DONE
    assert refunds(outside, bought) == [("refund", 1, 0, 0)]


def test_while_the_provider_is_away_the_order_is_not_refunded_and_it_is_tried_again(
    bought: Order, outside: Sandbox, run: Run
) -> None:
    outside.fault("payment", mode="503")
    [spec] = give_money_back(RefundRequested(order_id=bought.pk))

    with pytest.raises(CeleryRetry):
        run(spec)

    job = Job.objects.get(key=spec.key)
    bought.refresh_from_db()
    assert (job.state, job.attempts, bought.state) == ("pending", 1, "paid")


def test_a_refund_whose_reply_was_lost_is_not_made_twice(
    bought: Order, outside: Sandbox, run: Run
) -> None:
    outside.fault("payment", mode="lost-reply")
    [spec] = give_money_back(RefundRequested(order_id=bought.pk))
    with pytest.raises(CeleryRetry):
        run(spec)
    outside.fault("payment", mode="ok")
    Job.objects.filter(key=spec.key).update(next_at="2026-01-01T00:00:00Z")

    assert run(spec).state == Job.State.DONE
    assert refunds(outside, bought) == [("refund", 1, 1, 0)]


def test_a_refund_that_the_provider_made_under_a_key_it_has_forgotten_is_written_down(
    bought: Order, outside: Sandbox, run: Run
) -> None:
    [spec] = give_money_back(RefundRequested(order_id=bought.pk))
    gateway.refund(
        key="by hand in the dashboard",
        ref=bought.payments.get().provider_ref,
        order=bought.number,
        amount_cents=bought.total_cents,
    )

    assert run(spec).state == Job.State.DONE

    bought.refresh_from_db()
    assert (bought.state, bought.payments.get().state) == ("refunded", "refunded")
    assert sum(taken for _, taken, _, _ in refunds(outside, bought)) == 1
    assert Event.objects.filter(type="orders.order_refunded").count() == 1


def test_a_refund_that_the_provider_refuses_otherwise_is_a_dead_letter(
    bought: Order, run: Run
) -> None:
    [spec] = give_money_back(RefundRequested(order_id=bought.pk))
    bought.payments.update(amount_cents=bought.total_cents + 1)

    with pytest.raises(Bury):
        run(spec)
    assert Order.objects.get().state == Order.State.PAID


def test_money_that_never_came_is_not_sent_back(run: Run) -> None:
    order = in_state(Order.State.PAID)
    [spec] = give_money_back(RefundRequested(order_id=order.pk))

    with pytest.raises(Bury):
        run(spec)
    assert Job.objects.get(key=spec.key).state == Job.State.DEAD
