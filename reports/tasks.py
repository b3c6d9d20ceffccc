"""What the workers do for this app. Limits in seconds; a document takes some 30 ms."""

from deferral.policies import PROMPT
from deferral.tasks import current_job, deferred_task
from media.places import asked_for_files
from reports import services
from reports.exports.keeping import forget_old_exports
from reports.exports.writing import write_export as written
from reports.my_data.keeping import forget_old_data
from reports.my_data.writing import write_my_data as my_data_written
from reports.statements.asking import ask_for_missing
from reports.statements.making import make_month
from reports.statements.telling import tell
from reports.statements.writing import write_statement as statement_written


@deferred_task(
    name="reports.write_receipt",
    queue="critical",
    retry=PROMPT,
    time_limit=30,
    step="Receipt",
    link="reports:document",
    service=asked_for_files(),
)
def write_receipt(*, order_id: int) -> None:
    """Write the receipt. Safe to repeat: same bytes, same name, same row."""
    services.write_receipt(order_id=order_id, key=current_job().key)


@deferred_task(
    name="reports.write_ticket",
    queue="critical",
    retry=PROMPT,
    time_limit=30,
    step="Tickets",
    link="reports:document",
    service=asked_for_files(),
)
def write_ticket(*, line_id: int, position: int) -> None:
    """Write one ticket; a slow one holds up no other. Safe to repeat: it keeps its code."""
    services.write_ticket(line_id=line_id, position=position, key=current_job().key)


@deferred_task(
    name="reports.record_audit",
    queue="partners",
    retry=PROMPT,
    time_limit=30,
)
def record_audit(*, order_id: int, action: str, refund_id: int | None = None) -> None:
    """Write an entry of our own audit log. Exactly once: it commits together with `done`."""
    key = current_job().key
    services.record_audit(order_id=order_id, action=action, refund_id=refund_id, key=key)


@deferred_task(
    name="reports.write_export",
    queue="bulk",
    retry=PROMPT,
    time_limit=600,
    long=True,
    service=asked_for_files(),
)
def write_export(*, export_id: int) -> None:
    """Write an export. Safe to repeat, and to kill: it goes on from its last checkpoint."""
    written(export_id=export_id)


@deferred_task(
    name="reports.forget_exports", queue="bulk", retry=PROMPT, time_limit=600, schedulable=True
)
def forget_exports() -> None:
    """Delete the files of exports that were kept long enough. Safe to repeat."""
    forget_old_exports()


@deferred_task(
    name="reports.ask_for_statements",
    queue="bulk",
    retry=PROMPT,
    time_limit=60,
    schedulable=True,
)
def ask_for_statements() -> None:
    """Begin every month that is over and has no statements yet. Safe to repeat: none twice."""
    ask_for_missing(by=current_job().key)


@deferred_task(
    name="reports.make_statements",
    queue="bulk",
    retry=PROMPT,
    time_limit=300,
    long=True,
    service=asked_for_files(),
)
def make_statements(*, run_id: int) -> None:
    """Freeze a month's figures, and have each statement written by a job of its own."""
    make_month(run_id=run_id)


@deferred_task(
    name="reports.write_statement",
    queue="bulk",
    retry=PROMPT,
    time_limit=60,
    service=asked_for_files(),
)
def write_statement(*, statement_id: int) -> None:
    """Write one statement. Safe to repeat: same bytes, same name, same row."""
    statement_written(statement_id=statement_id)


@deferred_task(name="reports.tell_of_statements", queue="bulk", retry=PROMPT, time_limit=60)
def tell_of_statements(*, run_id: int) -> None:
    """Announce that a month is over and done, or what of it needs somebody. Once."""
    tell(run_id=run_id)


@deferred_task(
    name="reports.write_my_data",
    queue="bulk",
    retry=PROMPT,
    time_limit=600,
    long=True,
    service=asked_for_files(),
)
def write_my_data(*, export_id: int) -> None:
    """Write down for a customer all that is kept of them. Safe to repeat, and to kill."""
    my_data_written(export_id=export_id)


@deferred_task(
    name="reports.forget_my_data", queue="bulk", retry=PROMPT, time_limit=600, schedulable=True
)
def forget_my_data() -> None:
    """Delete what customers have had written down a week ago. Safe to repeat."""
    forget_old_data()
