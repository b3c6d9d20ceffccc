"""What happens to what is written down."""

from deferral.events import DomainEvent, event


@event("reports.audit_recorded")
class AuditRecorded(DomainEvent):
    """An entry stands in our audit log; the archive has still to hear of it."""

    entry_id: int
