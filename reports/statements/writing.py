"""Putting figures on paper. Safe to repeat: frozen figures are the same bytes and the same row."""

from typing import Any

from django.db import transaction

from deferral.long_jobs import Step
from deferral.tasks import finishing
from media.filing import Filed, file_away
from reports.models import Statement, StatementFile, StatementRun
from reports.statements.paper import statement_on_paper, sums_on_paper
from reports.statements.telling import tell_if_mended
from reports.typesetting import typeset

TEMPLATE = "statement.typ"


def write_statement(*, statement_id: int) -> None:
    """Write one customer's month, and remember where."""
    statement = Statement.objects.select_related("run").get(pk=statement_id)
    run = statement.run
    filed = _file(statement_on_paper(statement), run, key=statement.key)
    with finishing():
        _remember(filed, key=statement.key, run=run, statement=statement)
        tell_if_mended(run)


def write_sums(run: StatementRun, current: Step) -> str:
    """Write the month's sums; return the file's name. A step's work, recorded with its row."""
    filed = _file(sums_on_paper(run), run, key=run.key)
    with transaction.atomic():
        _remember(filed, key=run.key, run=run, statement=None)
        current.record(filed.name)
    return filed.name


def _file(data: dict[str, Any], run: StatementRun, *, key: str) -> Filed:
    content = typeset(TEMPLATE, data, at=run.until)
    return file_away(content, key=key, folder=StatementFile.folder, suffix=".pdf")


def _remember(filed: Filed, *, key: str, **whose: Any) -> None:
    facts = {"file": filed.name, "sha256": filed.sha256, "size": filed.size, "place": filed.place}
    StatementFile.objects.update_or_create(key=key, defaults=facts | whose)
