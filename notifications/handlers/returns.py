"""Whoever sends goods back is told what became of it at each step.

That the money went back is told with its refund, as of any other.
"""

from collections.abc import Iterator

from deferral.handlers import Work, handles, job
from notifications.tasks import returns as tasks
from orders.models import Return
from orders.return_events import ReturnApproved, ReturnArrived, ReturnAsked, ReturnRefused
from orders.selectors import return_by_id

State = Return.State
Fact = ReturnAsked | ReturnApproved | ReturnRefused | ReturnArrived
STEPS: dict[type[Fact], State] = {
    ReturnAsked: State.ASKED,
    ReturnApproved: State.APPROVED,
    ReturnRefused: State.REFUSED,
    ReturnArrived: State.ARRIVED,
}


@handles(ReturnAsked)
@handles(ReturnApproved)
@handles(ReturnRefused)
@handles(ReturnArrived)
def tell_of_step(fact: Fact) -> Iterator[Work]:
    """Its customer, once for each step."""
    found, step = return_by_id(fact.return_id), STEPS[type(fact)]
    key = f"return_{step}:{found.order.reference}:{found.tag}"
    yield job(tasks.send_return, key=key, return_id=found.pk, step=str(step))
