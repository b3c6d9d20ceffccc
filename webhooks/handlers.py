"""Which endpoints are told of what: one job for each, and none waits for another."""

from collections.abc import Iterator

from deferral.handlers import JobSpec, Work, handles, job
from orders.events import (
    OrderCancelled,
    OrderNotRefunded,
    OrderPaid,
    OrderRefunded,
    PartlyRefunded,
    once_more,
)
from orders.selectors import reference_of, refund_name
from webhooks import tasks
from webhooks.deliveries import telling
from webhooks.payloads import PARTLY, REFUND_FAILED


@handles(OrderPaid)
def tell_of_sale(fact: OrderPaid) -> Iterator[Work]:
    """An order is complete once it is paid."""
    yield from deliveries("order.completed", fact.order_id)


@handles(OrderCancelled)
def tell_of_cancellation(fact: OrderCancelled) -> Iterator[Work]:
    """After what was told of the sale, as everything of one order."""
    yield from deliveries("order.cancelled", fact.order_id)


@handles(OrderRefunded)
def tell_of_refund(fact: OrderRefunded) -> Iterator[Work]:
    """Once more where all of it had gone back before."""
    yield from deliveries("order.refunded", fact.order_id, again=fact.again)


@handles(PartlyRefunded)
def tell_of_part(fact: PartlyRefunded) -> Iterator[Work]:
    """By the refund's own name: the rest of the order is as it was."""
    yield from deliveries(PARTLY, fact.order_id, about=refund_name(fact.refund_id))


@handles(OrderNotRefunded)
def take_back_what_was_told(fact: OrderNotRefunded) -> Iterator[Work]:
    """Whoever heard that money went back may have written it down."""
    yield from deliveries(REFUND_FAILED, fact.order_id, again=fact.again)


def deliveries(what: str, order_id: int, *, about: str = "", again: str = "") -> Iterator[JobSpec]:
    """One delivery to each endpoint that chose to hear of it.

    Those of one order arrive at one endpoint in the order in which things happened. `about` names
    what may happen to an order several times; else it is the order itself. `again` tells it apart
    from the same that happened before.
    """
    order = reference_of(order_id)
    for endpoint in telling(what):
        key = once_more(f"{endpoint.slug}:{what}:{about or order}", again)
        yield job(
            tasks.deliver_webhook,
            key=key,
            ordering_key=endpoint.ordering_key_of(order),
            service=endpoint.service,
            endpoint_id=endpoint.pk,
            webhook_id=key,
            what=what,
            order_id=order_id,
        )
