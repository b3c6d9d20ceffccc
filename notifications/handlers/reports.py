"""Staff are told when what they asked for, or wait for, is written."""

from collections.abc import Iterator

from deferral.handlers import Work, handles, job
from notifications.tasks import mails as tasks
from reports.events import ExportReady, StatementsMade, StatementsMended
from reports.models import StatementRun
from reports.selectors import export_by_id


@handles(ExportReady)
def tell_of_export(fact: ExportReady) -> Iterator[Work]:
    """Whoever asked for it."""
    key = f"export_ready:{export_by_id(fact.export_id).tag}"
    yield job(tasks.tell_of_export, key=key, export_id=fact.export_id)


@handles(StatementsMade)
def tell_of_statements(fact: StatementsMade) -> Iterator[Work]:
    """The bookkeeper: so many are made, so many need somebody."""
    key = f"statements_made:{_run_name(fact.run_id)}"
    yield job(tasks.tell_of_statements, key=key, run_id=fact.run_id)


@handles(StatementsMended)
def tell_of_mended_statements(fact: StatementsMended) -> Iterator[Work]:
    """The bookkeeper, who was told that some were missing."""
    key = f"statements_mended:{_run_name(fact.run_id)}"
    yield job(tasks.tell_of_statements, key=key, run_id=fact.run_id)


def _run_name(run_id: int) -> str:
    run = StatementRun.objects.get(pk=run_id)
    return f"{run.name}:{run.tag}"
