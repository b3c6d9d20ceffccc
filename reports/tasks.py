"""What the workers do for this app. Limits in seconds; a document takes some 30 ms."""

from deferral.policies import PROMPT
from deferral.tasks import current_job, deferred_task
from media.places import asked_for_files
from reports import services
from reports.exports.keeping import forget_old_exports
from reports.exports.writing import write_export as written


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
    step="Entry in the audit log",
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
