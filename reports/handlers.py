"""What this app does about events. Documents are joined with the e-mail that carries them, by
`notifications`; here are the audit trail, and a month's statements.
"""

from collections.abc import Iterator
from typing import Any

from audit.keys import entry_key
from deferral.handlers import JobSpec, Join, handles, job, join
from orders.events import OrderCancelled, OrderPaid, OrderRefunded, PartlyRefunded, RefundCameBack
from orders.pieces import tells_of_used_pieces
from orders.selectors import reference_of, refund_name
from reports import tasks
from reports.events import StatementsAskedFor
from reports.models import StatementRun
from reports.selectors import used_seats

tells_of_used_pieces(used_seats)


@handles(OrderPaid)
def audit_payment(fact: OrderPaid) -> Iterator[JobSpec]:
    """Paid: into the log."""
    yield audit("order_paid", fact.order_id)


@handles(OrderCancelled)
def audit_cancellation(fact: OrderCancelled) -> Iterator[JobSpec]:
    """Called off: into the log."""
    yield audit("order_cancelled", fact.order_id)


@handles(OrderRefunded)
def audit_refund(fact: OrderRefunded) -> Iterator[JobSpec]:
    """Money given back: into the log. Once more where it had come back before."""
    which = {"refund_id": fact.refund_id} if fact.again else {}
    yield audit("order_refunded", fact.order_id, **which)


@handles(RefundCameBack)
def audit_return(fact: RefundCameBack) -> Iterator[JobSpec]:
    """Money that had gone back is here again: into the log."""
    yield audit("refund_came_back", fact.order_id, refund_id=fact.refund_id)


@handles(PartlyRefunded)
def audit_part(fact: PartlyRefunded) -> Iterator[JobSpec]:
    """A part of the money given back: into the log."""
    yield audit("order_partly_refunded", fact.order_id, refund_id=fact.refund_id)


@handles(StatementsAskedFor)
def make_statements(fact: StatementsAskedFor) -> Iterator[Join]:
    """The month's job adds a part for each customer; once all are settled, it is told."""
    run = StatementRun.objects.get(pk=fact.run_id)
    body = job(tasks.tell_of_statements, key=f"statements_told:{run.name}:{run.tag}", run_id=run.pk)
    yield join([job(tasks.make_statements, key=run.key, run_id=run.pk)], body=body)


def audit(action: str, order_id: int, refund_id: int | None = None) -> JobSpec:
    """The job that writes one entry: about the order, or about one refund of it."""
    name = refund_name(refund_id) if refund_id else reference_of(order_id)
    which: dict[str, Any] = {"refund_id": refund_id} if refund_id else {}
    key = entry_key(action, name)
    return job(tasks.record_audit, key=key, order_id=order_id, action=action, **which)
