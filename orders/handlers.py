"""What an order does about its own events: money that has to go back goes back."""

from collections.abc import Iterator

from deferral.handlers import JobSpec, handles, job
from orders import tasks
from orders.events import RefundRequested
from orders.selectors import refund_key


@handles(RefundRequested)
def give_money_back(fact: RefundRequested) -> Iterator[JobSpec]:
    """One job for each decision."""
    yield job(tasks.refund_payment, key=refund_key(fact.refund_id), refund_id=fact.refund_id)
