"""A refund is what the provider says of it: on its way, done, failed, come back."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from deferral.errors import Bury
from deferral.handlers import JobSpec
from deferral.models import Event, Job
from orders.events import RefundRequested
from orders.handlers import give_money_back
from orders.models import Order, PaymentAttempt, Refund
from orders.payments.provider import refunds
from orders.payments.reconciliation import comparing, findings
from orders.payments.reconciliation.refunds import compare_refunds
from orders.payments.refunds.matching import record_returned
from orders.payments.refunds.watching import ask_about_refunds, hear_of_refunds
from orders.selectors import spoken_for
from tests.orders.buying import paid, refund_of, said_of, stands
from tests.orders.test_money_back import TOTAL, announced, books
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[[JobSpec], Job]


def asked_for(order: Order, **terms: Any) -> JobSpec:
    """The job of a refund that staff have just decided."""
    refund = refund_of(order, **terms)
    spec: JobSpec
    [spec] = give_money_back(RefundRequested(order_id=order.pk, refund_id=refund.pk))
    return spec


def turned(order: Order, state: str) -> str:
    """Wait until the provider says so of the last refund; the payment's name there."""
    ref = order.payments.get().provider_ref
    until = time.monotonic() + 20
    while refunds.refunds_of(ref)[-1].state != state and time.monotonic() < until:
        time.sleep(0.05)
    return ref


def test_one_that_fails_at_once_is_not_done_and_staff_decide_anew(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    sandbox.fault("payment", mode="refund-fails")
    spec = asked_for(bought)
    with pytest.raises(Bury, match="expired or canceled card"):
        run(spec)

    refund = Refund.objects.get()
    assert (refund.state, refund.refusal) == ("failed", "expired or canceled card")
    assert (books(), announced()) == (
        ("paid", "captured", 0),
        ["refund_requested", "refund_refused"],
    )
    assert Job.objects.get(key=spec.key).state == "dead"

    sandbox.fault("payment", mode="ok")
    assert run(asked_for(bought)).state == "done"
    assert books() == ("refunded", "refunded", TOTAL)
    assert Job.objects.get(key=spec.key).state == "discarded"


def test_one_on_its_way_is_announced_when_it_is_there_and_not_before(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    sandbox.fault("payment", mode="refund-pending")
    assert run(asked_for(bought)).state == "done"

    assert (books(), Refund.objects.get().state) == (("paid", "captured", 0), "pending")
    assert announced() == ["refund_requested"]
    assert spoken_for(bought.payments.get()) == TOTAL, "it cannot be decided again"

    turned(bought, "done")
    for _ in range(2):
        ask_about_refunds(now=datetime.now(UTC) + timedelta(hours=1))
    assert books() == ("refunded", "refunded", TOTAL)
    assert announced() == ["refund_requested", "order_refunded"]


def test_one_that_fails_on_its_way_is_told_to_staff(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    sandbox.fault("payment", mode="refund-pending-fails")
    run(asked_for(bought, cents=700))
    hear_of_refunds(provider_ref=turned(bought, "failed"))

    assert (books(), spoken_for(bought.payments.get())) == (("paid", "captured", 0), 0)
    assert announced() == ["refund_requested", "refund_refused"]


def test_money_that_comes_back_is_recorded_and_can_be_sent_again(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    sandbox.fault("payment", mode="refund-comes-back")
    run(asked_for(bought))
    assert books() == ("refunded", "refunded", TOTAL)

    ref = turned(bought, "failed")
    for _ in range(2):
        hear_of_refunds(provider_ref=ref)

    refund, order = Refund.objects.get(), Order.objects.get()
    assert (books(), refund.state) == (("cancelled", "captured", 0), "failed")
    assert (order.refunded_at, refund.came_back_at is not None) == (None, True)
    assert announced()[2:] == ["order_not_refunded", "refund_came_back"]

    sandbox.fault("payment", mode="ok")
    assert run(asked_for(bought)).state == "done"
    assert books() == ("refunded", "refunded", TOTAL)
    last = Event.objects.filter(type="orders.order_refunded").latest("id")
    assert last.payload["again"] == Refund.objects.latest("id").tag


def differs(ref: str) -> list[str]:
    """What the night finds about the refunds of one payment, however old it is."""
    now = timezone.now()
    found = compare_refunds(now - timedelta(days=30), now + timedelta(days=1))
    return [one.what for one in found if one.ref == ref]


def test_what_nobody_told_us_of_is_found_at_night(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    sandbox.fault("payment", mode="refund-comes-back")
    run(asked_for(bought))
    ref = turned(bought, "failed")

    assert differs(ref) == [findings.REFUND_STANDS_OTHERWISE]
    assert ref in {one.ref for one in comparing.look_at(timezone.localdate())[1]}

    hear_of_refunds(provider_ref=ref)
    assert differs(ref) == []
    assert ref not in {one.ref for one in comparing.look_at(timezone.localdate())[1]}


def test_a_refund_that_only_one_side_has_is_found_at_night(
    bought: Order, sandbox: Sandbox, run: Run
) -> None:
    ref = bought.payments.get().provider_ref
    sandbox.payments.refunds.create({"payment_intent": ref, "amount": 5})
    assert differs(ref) == [findings.REFUND_STANDS_OTHERWISE]

    hear_of_refunds(provider_ref=ref)
    assert differs(ref) == []

    Refund.objects.update(provider_ref="re_nobody_knows")
    assert differs(ref) == [findings.REFUND_STANDS_OTHERWISE, findings.REFUND_NOT_THERE]


def test_a_part_that_comes_back_leaves_the_order_as_it_is() -> None:
    order = paid()
    refund = refund_of(order, cents=1_000)
    stands(refund)
    stands(refund_of(order, cents=500))
    stands(refund, "failed", why="lost or stolen card")

    assert books() == ("paid", "captured", 500)
    assert announced()[-1] == "refund_came_back"
    assert not Order.objects.get().is_closing


@pytest.mark.parametrize("first", ["pending", "done"])
@pytest.mark.parametrize("last", ["failed", "canceled"])
def test_what_has_ended_does_not_begin_again(first: str, last: str) -> None:
    refund = refund_of(paid())
    stands(refund, first)
    stands(refund, last)
    told = announced()
    for late in ("pending", "done", "failed", "canceled"):
        stands(refund, late)

    assert (Refund.objects.get().state, announced()) == (last, told)
    assert PaymentAttempt.objects.get().refunded_cents == 0


def test_what_is_done_is_not_on_its_way_again() -> None:
    refund = refund_of(paid())
    stands(refund)
    stands(refund, "pending")

    assert (Refund.objects.get().state, books()) == ("done", ("refunded", "refunded", TOTAL))


@pytest.mark.parametrize("cents", [TOTAL - 1, TOTAL + 1, None])
def test_another_sum_than_was_decided_is_not_booked(cents: int | None) -> None:
    refund = refund_of(paid())
    stands(refund, cents=cents)

    assert (Refund.objects.get().state, books()) == ("requested", ("paid", "captured", 0))


def test_late_money_that_comes_back_is_here_again() -> None:
    order = paid()
    Order.objects.update(state="payment_failed")
    refund = refund_of(order)
    stands(refund)
    assert books() == ("payment_failed", "refunded", TOTAL)

    stands(refund, "failed")
    assert books() == ("payment_failed", "captured", 0)
    assert announced()[-1] == "refund_came_back"


def test_told_from_all_sides_at_once_it_is_recorded_once() -> None:
    refund = refund_of(paid())
    stands(refund)
    failed = [said_of(refund, "failed")]
    together = threading.Barrier(4)

    def observe() -> None:
        together.wait()
        record_returned(payment_id=refund.payment_id, found=failed)
        connection.close()

    threads = [threading.Thread(target=observe) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert announced().count("refund_came_back") == 1


def test_one_made_elsewhere_is_on_its_way_and_may_fail_too() -> None:
    payment = paid().payments.get()
    told: dict[str, Any] = {"ref": "re_of_theirs", "payment": "pi_1", "key": "", "cents": 900}
    for state in ("pending", "done", "failed"):
        one = refunds.Returned(state=Refund.State(state), **told)
        record_returned(payment_id=payment.pk, found=[one])
        payment.refresh_from_db()
        assert payment.refunded_cents == (900 if state == "done" else 0)

    assert Refund.objects.get().state == "failed"


def test_one_on_its_way_is_asked_about_seldom_when_it_is_old() -> None:
    refund = refund_of(paid())
    stands(refund, "pending")
    now = datetime.now(UTC)
    Refund.objects.update(requested_at=now - timedelta(days=3), asked_at=now - timedelta(hours=5))
    PaymentAttempt.objects.update(state="failed")  # so that nobody is asked in fact

    assert ask_about_refunds(now=now) == 0
    assert ask_about_refunds(now=now + timedelta(hours=2)) == 1
