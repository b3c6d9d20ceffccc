"""What this app does about events. Documents are joined with the e-mail that carries them, by
`notifications`; here is the audit trail.
"""

from collections.abc import Iterator
from typing import Any

from deferral.handlers import JobSpec, handles, job
from orders.events import OrderCancelled, OrderPaid, OrderRefunded, PartlyRefunded
from reports import tasks
from reports.events import AuditRecorded


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
    """Money given back: into the log."""
    yield audit("order_refunded", fact.order_id)


@handles(PartlyRefunded)
def audit_part(fact: PartlyRefunded) -> Iterator[JobSpec]:
    """A part of the money given back: into the log."""
    yield audit("order_partly_refunded", fact.order_id, refund_id=fact.refund_id)


@handles(AuditRecorded)
def file_entry(fact: AuditRecorded) -> Iterator[JobSpec]:
    """In our log: now to the archive."""
    key = f"audit_filed:{fact.entry_id}"
    yield job(tasks.file_audit, key=key, entry_id=fact.entry_id)


def audit(action: str, order_id: int, **which: Any) -> JobSpec:
    """The job that writes one entry. `which` of several tells them apart."""
    key = ":".join(map(str, ("audit", action, order_id, *which.values())))
    return job(tasks.record_audit, key=key, order_id=order_id, action=action, **which)
