"""The dry run, a long job: every line is judged, nothing of the shop is changed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from deferral.long_jobs import Step, step
from deferral.tasks import finishing
from shop.imports.archive import Archive, archive_of
from shop.imports.differing import changed_cells
from shop.imports.errors import NotReadable
from shop.imports.outcomes import Judged, Outcome
from shop.imports.reading import Seen, chunks, judge, seen_in
from shop.imports.saying import UNSAID
from shop.imports.table import Table, table_of
from shop.models import ChangedCell, Product, ProductImport, RefusedCell

CHUNK = 500
# With pictures: each is read, and its header looked at.
FEW = 50
COUNTED, ADDED = "stock", "pictures"
LONGEST = 300
# Of a file: nobody reads more of them, and a file has room for a million.
MOST_SAID = 10_000


def check(*, import_id: int) -> None:
    """Write down what each line would do. Safe to repeat; killed, it goes on behind its last chunk.

    Nothing is looked at of what was withdrawn before.
    """
    source = ProductImport.objects.get(pk=import_id)
    if source.withdrawn_at:
        return
    try:
        table = table_of(source.read())
        with archive_of(source) as archive:
            look = partial(_look, source, table, seen_in(table), archive)
            found = step("dry run", look, total=len(table.rows), unit="lines")
    except NotReadable as error:
        conclude(source, refusal=str(error)[:500])
        return
    conclude(source, findings=found, read_as=table.read_as)


def conclude(source: ProductImport, **facts: object) -> None:
    """What came of it, with the job's end."""
    with finishing():
        ProductImport.objects.filter(pk=source.pk).update(**facts, checked_at=Now())


def _look(
    source: ProductImport, table: Table, seen: Seen, archive: Archive | None, current: Step
) -> dict[str, int]:
    at = current.cursor or {"rows": 0, "counts": nothing(), "shown": 0}
    at.setdefault("said", 0)  # not written by the release before
    for rows in chunks(table.rows, after=at["rows"], size=FEW if archive else CHUNK):
        found = judge(rows, seen, among=Product.objects.all(), archive=archive)
        cells = changed_cells(source, found, already=at["shown"])
        refused = refused_cells(source, found)
        room = max(0, MOST_SAID - at["said"])
        at = {
            "rows": at["rows"] + len(rows),
            "counts": added(at["counts"], found),
            "shown": at["shown"] + len(cells),
            "said": at["said"] + len(refused),
        }
        with transaction.atomic():
            ChangedCell.objects.bulk_create(cells)
            RefusedCell.objects.bulk_create(refused[:room])
            current.checkpoint(at, done=at["rows"])
    return _concluded(at)


def _concluded(at: Mapping[str, Any]) -> dict[str, int]:
    """Its counts; `unsaid` are complaints of which no row is kept, if there are any."""
    unsaid = at["said"] - MOST_SAID
    return dict(at["counts"]) | ({UNSAID: unsaid} if unsaid > 0 else {})


def nothing() -> dict[str, int]:
    """Counts of no line."""
    return {outcome.value: 0 for outcome in Outcome} | {COUNTED: 0, ADDED: 0}


def added(counts: dict[str, int], found: list[Judged]) -> dict[str, int]:
    """The counts with these lines. `stock`: lines that say another stock than there is;
    `pictures`: how many are new.
    """
    more = dict(counts)
    for one in found:
        more[one.outcome.value] += 1
        more[COUNTED] += one.is_counted
        if one.outcome != Outcome.REFUSED:
            more[ADDED] = more.get(ADDED, 0) + len(one.pictures)
    return more


def refused_cells(source: ProductImport, found: list[Judged]) -> list[RefusedCell]:
    """What is to be shown of the lines that are left out."""
    return [
        RefusedCell(
            source=source, line=one.line, column=complaint.column, said=complaint.said[:LONGEST]
        )
        for one in found
        for complaint in one.complaints
    ]
