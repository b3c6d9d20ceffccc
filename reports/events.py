"""What happens to what is written down. Payloads are ids; subscribers read the rest fresh."""

from deferral.events import DomainEvent, event


@event("reports.export_ready")
class ExportReady(DomainEvent):
    """The file that somebody asked for can be fetched."""

    export_id: int


@event("reports.statements_asked_for")
class StatementsAskedFor(DomainEvent):
    """A month is over, and every customer's statement is to be written."""

    run_id: int


@event("reports.statements_made")
class StatementsMade(DomainEvent):
    """Every statement of a month is written, or needs somebody."""

    run_id: int


@event("reports.statements_mended")
class StatementsMended(DomainEvent):
    """What needed somebody of a month is written, too."""

    run_id: int


@event("reports.my_data_ready")
class MyDataReady(DomainEvent):
    """All that is kept of a customer, whoever asked for it, can be fetched."""

    export_id: int
