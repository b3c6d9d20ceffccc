"""What happens to what is written down. Payloads are ids; subscribers read the rest fresh."""

from deferral.events import DomainEvent, event


@event("reports.export_ready")
class ExportReady(DomainEvent):
    """The file that somebody asked for can be fetched."""

    export_id: int
