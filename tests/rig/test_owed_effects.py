"""Whether all that must follow is said: a job without an effect would be lost unnoticed."""

import pytest
from django.core.management import call_command

from deferral.events import DomainEvent
from deferral.handlers import Join, Work
from deferral.registry import HANDLERS
from orders.events import OrderCancelled, OrderPaid, OrderRefunded
from orders.models import PaymentAttempt, Refund
from tests.bench.producer import pay, place_orders
from tests.rig.owed_effects import (
    CANCELLED,
    OURS,
    REFUND_MAIL,
    RELEASED,
    RESERVED,
    Owed,
    when_given_back,
    when_paid,
)

EVERY = tuple(RESERVED)
FOLLOWS: dict[type[DomainEvent], list[Owed]] = {
    OrderPaid: when_paid(*EVERY, charged=False),
    OrderCancelled: [*CANCELLED, *RELEASED.values()],
    OrderRefunded: [*when_given_back(*EVERY), REFUND_MAIL],
}


@pytest.fixture
def order_id(transactional_db: None) -> int:
    """Paid; something of every supplier."""
    call_command("seed", verbosity=0)
    orders = place_orders(1)
    pay(orders)
    return orders[0].id


def told(event: type[DomainEvent], order_id: int) -> DomainEvent:
    """The event as it is told of this order."""
    about = {"order_id": order_id}
    if event is OrderRefunded:
        payment = PaymentAttempt.objects.get(order=order_id)
        about["refund_id"] = Refund.objects.create(payment=payment, amount_cents=1).pk
    return event.restore(about)


def keys_after(fact: DomainEvent) -> list[str]:
    """Of every job that any handler starts."""
    work = [found for handler in HANDLERS[fact.type] for found in handler(fact)]
    return [key for found in work for key in keys_of(found)]


def keys_of(work: Work) -> list[str]:
    """Their keys; of a join, the parts' and the body's."""
    jobs = (*work.parts, work.body) if isinstance(work, Join) else (work,)
    return [job.key for job in jobs]


@pytest.mark.parametrize("event", FOLLOWS)
def test_of_each_job_that_follows_it_is_said_what_it_must_cause(
    order_id: int, event: type[DomainEvent]
) -> None:
    known = (*OURS, *(begins for owed in FOLLOWS[event] for begins in owed.jobs))

    found = keys_after(told(event, order_id))

    unknown = [key for key in found if not key.startswith(known)]
    assert not unknown, f"owed_effects.py does not say what comes of {unknown}"


@pytest.mark.parametrize("event", FOLLOWS)
def test_each_effect_has_one_job_that_brings_it_about(
    order_id: int, event: type[DomainEvent]
) -> None:
    found = keys_after(told(event, order_id))

    for owed in FOLLOWS[event]:
        assert len([key for key in found if key.startswith(owed.jobs[0])]) == 1, owed
