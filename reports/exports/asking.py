"""Asking for an export: a row, and a job. Answered at once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Value
from django.db.models.functions import Concat
from django.utils import timezone

from deferral.enqueueing import enqueue
from deferral.models import Job
from reports.exports.catalogue import DATASETS
from reports.exports.choosing import (
    NotExportable,
    filters_of,
    found_by_search,
    listed_rows,
    may_export,
)
from reports.exports.datasets import Dataset, Rows
from reports.models import Export

# Who clicks twice, or comes back to the same page, wants one file.
SAME_WITHIN = timedelta(minutes=1)
# A thousand rows are 25 pages. More than this nobody reads on paper.
MOST_ON_PAPER = 100_000
MOST_COLUMNS_ON_PAPER = 12

# Letters of filters, as they stand in an address.
LONGEST = 2_000

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@transaction.atomic
def ask_for_export(
    user: Any,
    *,
    dataset: str,
    format: Export.Format,  # noqa: A002 - the word for it
    columns: Sequence[str],
    filters: str = "",
    for_excel: bool = False,
) -> Export:
    """The export of these rows for this person: a new one, or the same of less than a minute ago.

    Rows that come later are not in it. NotExportable, whose words are shown.
    """
    found, chosen = DATASETS[dataset], filters_of(filters)
    names = [column.name for column in found.chosen(list(columns))]
    _check(user, found, format, names, chosen)
    searched = found_by_search(found, chosen, user)
    wanted = {
        "dataset": dataset,
        "format": format,
        "columns": names,
        "filters": chosen,
        "found": searched,
        "for_excel": for_excel,
        "asked_by": user.email,
    }
    fingerprint = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [fingerprint])
    return _asked_lately(fingerprint) or _asked_now(found, fingerprint, wanted)


def _asked_now(dataset: Dataset, fingerprint: str, wanted: Mapping[str, Any]) -> Export:
    last = dataset.model._default_manager.aggregate(last=Max("pk"))["last"] or 0  # noqa: SLF001 - documented
    export = Export.objects.create(**wanted, fingerprint=fingerprint, last_id=last)
    export.is_new = True
    enqueue("reports.write_export", key=export.key, subject=export.subject, export_id=export.pk)
    return export


def _asked_lately(fingerprint: str) -> Export | None:
    since = timezone.now() - SAME_WITHIN
    dead = Job.objects.filter(state=Job.State.DEAD, key=Concat(Value("export:"), OuterRef("tag")))
    found = Export.objects.filter(fingerprint=fingerprint, asked_at__gt=since, withdrawn_at=None)
    return found.exclude(Exists(dead)).first()


def _check(user: Any, dataset: Dataset, format_: str, names: list[str], filters: str) -> None:
    if not may_export(user, dataset):
        raise NotExportable("You may not export this list.")
    if len(filters) > LONGEST:
        raise NotExportable("The list has too many filters. Choose fewer.")
    if not names:
        raise NotExportable("Choose at least one column.")
    listed = listed_rows(dataset, filters, user) if filters else None
    if format_ == Export.Format.PDF:
        rows = dataset.rows() if listed is None else dataset.narrow(dataset.rows(), listed)
        _check_paper(names, rows)


def _check_paper(names: list[str], rows: Rows) -> None:
    if len(names) > MOST_COLUMNS_ON_PAPER:
        msg = f"Paper is not that wide: choose at most {MOST_COLUMNS_ON_PAPER} columns."
        raise NotExportable(msg)
    if rows.order_by().values("pk")[: MOST_ON_PAPER + 1].count() > MOST_ON_PAPER:
        msg = f"A PDF has at most {MOST_ON_PAPER:,} rows. Filter the list, or take CSV or XLSX."
        raise NotExportable(msg)
