"""What an order does about its own events: money that has to go back goes back."""

from collections.abc import Iterator

from deferral.handlers import JobSpec, handles, job
from orders import tasks
from orders.events import OrderCancelled, RefundRequested


@handles(OrderCancelled)
@handles(RefundRequested)
def give_money_back(fact: OrderCancelled | RefundRequested) -> Iterator[JobSpec]:
    """One refund an order, whichever of the two came first."""
    key = f"refund:{fact.order_id}"
    yield job(tasks.refund_payment, key=key, order_id=fact.order_id)
