"""A refund whose answer cannot be read: nothing is booked, and the job goes on or says why not."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery.exceptions import Retry as CeleryRetry
from pytest_django.fixtures import Settings

from deferral.errors import Bury
from deferral.handlers import JobSpec
from deferral.models import Event, Job
from orders.events import RefundRequested
from orders.handlers import give_money_back
from orders.models import Order, PaymentAttempt, Refund
from orders.payments.provider import gateway
from orders.payments.refunds.watching import ask_about_refunds
from tests.orders.buying import paid, refund_of, stands
from tests.orders.conftest import Run
from tests.orders.odd_answers import ODD
from tests.orders.stand_in_provider import StandIn, playing_provider
from tests.orders.test_money_back import books

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.exhaustive]

MAKE, LIST = "POST /refunds", "GET /refunds"
REFUSED = {"error": {"type": "invalid_request_error", "message": "Never\x00 \u202eagain"}}


@pytest.fixture
def provider(settings: Settings) -> Iterator[StandIn]:
    """Where the shop looks for it; it knows of no refund."""
    with playing_provider() as found:
        settings.PAYMENT_API_BASE = found.address
        gateway.client.cache_clear()
        found.says(LIST, 200, {"object": "list", "data": [], "has_more": False})
        yield found
    gateway.client.cache_clear()


@pytest.fixture
def spec() -> JobSpec:
    """The job of a refund that staff have just decided."""
    order = paid()
    refund = refund_of(order)
    found: JobSpec
    [found] = give_money_back(RefundRequested(order_id=order.pk, refund_id=refund.pk))
    return found


@pytest.mark.parametrize("status", [200, 302, 400, 503])
@pytest.mark.parametrize("body", ["a page", "null", "a list", "an error that is a text", "deep"])
def test_what_cannot_be_read_is_tried_again(
    provider: StandIn, spec: JobSpec, run: Run, status: int, body: str
) -> None:
    provider.says(MAKE, status, ODD[body])
    with pytest.raises(CeleryRetry):
        run(spec)

    assert (Job.objects.get(key=spec.key).state, books()) == ("pending", ("paid", "captured", 0))
    assert Refund.objects.get().state == "requested"


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_the_least_that_is_said_of_a_failure_is_enough(
    provider: StandIn, spec: JobSpec, run: Run, status: str
) -> None:
    provider.says(MAKE, 200, {"object": "refund", "status": status})
    with pytest.raises(Bury, match="no reason was given"):
        run(spec)

    assert (Refund.objects.get().state, books()) == (status, ("paid", "captured", 0))


@pytest.mark.parametrize("status", ["pending", "requires_action", "who_knows"])
def test_what_is_not_over_is_on_its_way(
    provider: StandIn, spec: JobSpec, run: Run, status: str
) -> None:
    refund = {"id": "re_1", "amount": 4_090, "payment_intent": "pi_1", "status": status}
    provider.says(MAKE, 200, refund)

    assert run(spec).state == "done"
    assert (Refund.objects.get().state, books()) == ("pending", ("paid", "captured", 0))
    assert not Event.objects.filter(type="orders.order_refunded").exists()


def test_a_notice_that_is_quicker_than_the_answer_is_believed(
    provider: StandIn, spec: JobSpec, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund = {"id": "re_1", "amount": 4_090, "payment_intent": "pi_1", "status": "succeeded"}
    provider.says(MAKE, 200, refund)

    def tell(_: str) -> None:
        stands(Refund.objects.get(), "failed", why="declined")

    monkeypatch.setattr("orders.payments.refunds.carrying_out.crashpoint", tell)
    with pytest.raises(Bury, match="declined"):
        run(spec)

    assert (Refund.objects.get().state, books()) == ("failed", ("paid", "captured", 0))


def test_a_refusal_is_kept_as_a_line_that_can_be_read(
    provider: StandIn, spec: JobSpec, run: Run
) -> None:
    provider.says(MAKE, 400, REFUSED)
    with pytest.raises(Bury):
        run(spec)

    assert Refund.objects.get().refusal == "Never\N{REPLACEMENT CHARACTER} again"


@pytest.mark.parametrize("data", [7, [{"id": "re_1", "status": "succeeded"}], [None, 7, "re_1"]])
def test_a_book_that_cannot_be_read_changes_nothing_and_keeps_nobody_waiting(
    provider: StandIn, data: Any
) -> None:
    first, second = (stands(refund_of(order), "pending") for order in (paid(), paid()))
    PaymentAttempt.objects.filter(pk=second.payment_id).update(provider_ref="pi_2")
    Refund.objects.update(asked_at=None)
    provider.says(LIST, 200, {"object": "list", "data": data, "has_more": False})

    assert ask_about_refunds(now=first.requested_at) == 2
    assert set(Refund.objects.values_list("state", flat=True)) == {"pending"}
    assert not Refund.objects.filter(asked_at=None).exists()
    assert not Order.objects.filter(state="refunded").exists()
