"""What happens to what is written down."""

from deferral.events import DomainEvent, event


@event("audit.entry_recorded")
class EntryRecorded(DomainEvent):
    """An entry stands in our audit log; the archive has still to hear of it."""

    entry_id: int
