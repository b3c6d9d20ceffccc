"""Two people, or two processes, decide about one order at the same moment."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from deferral.errors import NotAllowed
from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from orders import services
from orders.events import OrderCancelled, OrderPaid, RefundRequested
from orders.models import Order, Refund
from orders.payments.refunds import decisions
from shop.checkout import record_outcome
from tests.orders.buying import CAPTURED, paid, placed
from tests.rig.racing import ROUNDS, at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.exhaustive]


def told(order: Order) -> Counter[str]:
    """What was announced about it."""
    return Counter(Event.objects.filter(subject=order.subject).values_list("type", flat=True))


def deciding(verb: Callable[..., Order], order: Order, by: str) -> Callable[[], Any]:
    """One of the staff."""
    return partial(verb, order_id=order.pk, by=by, reason="asked")


def refused(outcomes: list[Any]) -> int:
    """How many were told that it is not allowed; nothing else may go wrong."""
    assert all(isinstance(found, Order | NotAllowed) for found in outcomes), outcomes
    return sum(isinstance(found, NotAllowed) for found in outcomes)


@pytest.mark.parametrize(
    ("verb", "announced"),
    [(decisions.request_refund, RefundRequested), (services.cancel_order, OrderCancelled)],
    ids=["refunds", "cancellations"],
)
def test_of_two_at_once_one_is_refused(verb: Callable[..., Order], announced: type) -> None:
    for _ in range(ROUNDS):
        order = paid()

        outcomes = at_once(deciding(verb, order, "eva"), deciding(verb, order, "tom"))

        assert refused(outcomes) == 1
        assert told(order)[announced.type] == 1  # type: ignore[attr-defined]  # an event class
        order.refresh_from_db()
        assert order.closed_by == next(o.closed_by for o in outcomes if isinstance(o, Order))


def test_a_cancellation_beside_a_refund_gives_the_money_back_once() -> None:
    for _ in range(ROUNDS):
        order = paid()

        outcomes = at_once(
            deciding(services.cancel_order, order, "eva"),
            deciding(decisions.request_refund, order, "tom"),
        )
        while expand_events():
            pass

        assert isinstance(outcomes[0], Order)
        assert refused(outcomes) == 1 or told(order)[OrderCancelled.type] == 1
        assert told(order)[RefundRequested.type] == 1
        assert Job.objects.filter(key__startswith=f"refund:{order.reference}").count() == 1


def test_of_two_who_give_the_same_part_back_at_once_one_does() -> None:
    for _ in range(ROUNDS):
        order = paid()
        part = partial(decisions.request_refund, cents=700, seen=0)

        outcomes = at_once(deciding(part, order, "eva"), deciding(part, order, "tom"))

        assert refused(outcomes) == 1
        assert Refund.objects.get(payment__order=order).amount_cents == 700


def test_a_payment_that_two_record_at_once_is_announced_once() -> None:
    for _ in range(ROUNDS):
        order, attempt = placed()

        record = partial(record_outcome, attempt_id=attempt.pk, settlement=CAPTURED)
        outcomes = at_once(record, record)

        assert outcomes == [None, None]
        assert told(order) == {OrderPaid.type: 1}


def test_a_payment_recorded_beside_whoever_gives_it_up_for_unknown_is_paid() -> None:
    for _ in range(ROUNDS):
        order, attempt = placed()

        outcomes = at_once(
            partial(record_outcome, attempt_id=attempt.pk, settlement=CAPTURED),
            partial(services.mark_unknown, attempt_id=attempt.pk),
        )

        assert not [found for found in outcomes if isinstance(found, Exception)]
        order.refresh_from_db()
        assert (order.state, told(order)[OrderPaid.type]) == ("paid", 1)
