"""What an order does about its own events: money that has to go back goes back."""

from collections.abc import Iterator
from typing import Any

from deferral.handlers import JobSpec, handles, job
from orders import tasks
from orders.events import OrderCancelled, RefundRequested
from orders.selectors import captured_payment, reference_of, refund_key, refunds_of


@handles(RefundRequested)
def give_money_back(fact: RefundRequested) -> Iterator[JobSpec]:
    """One job for each decision."""
    key = refund_key(fact.refund_id) if fact.refund_id else ""
    yield refund(fact.order_id, key, refund_id=fact.refund_id)


@handles(OrderCancelled)
def give_money_of_old_back(fact: OrderCancelled) -> Iterator[JobSpec]:
    """Leaves with the next release: the one before decided a cancellation's refund here."""
    if captured_payment(fact.order_id) and not refunds_of(fact.order_id).exists():
        yield refund(fact.order_id)


def refund(order_id: int, key: str = "", **which: Any) -> JobSpec:
    """The job. Without a key it is the release before's one refund an order."""
    key = key or f"refund:{reference_of(order_id)}"
    return job(tasks.refund_payment, key=key, order_id=order_id, **which)
