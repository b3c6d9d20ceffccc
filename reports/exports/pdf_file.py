"""Rows on paper: parts of a thousand, set one after the other and bound at the end.

A part is 25 pages. Set in one go, 100,000 rows take 6.6 GB; in parts, what one part takes.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from django.db import transaction

from deferral.long_jobs import Step
from reports.exports.catalogue import DATASETS
from reports.exports.columns import Column
from reports.exports.rows import ROWS_ON_PAPER, file_part, parts_of
from reports.exports.widths import cut
from reports.models import Export, ExportFile
from reports.typesetting import set_table
from reports.wording import moment

ROWS_OF_A_PAGE = 40
PAGES_OF_A_PART = ROWS_ON_PAPER // ROWS_OF_A_PAGE


def write_pages(export: Export, columns: Sequence[Column], step: Step) -> int:
    """Every part on paper, in storage; return how many pages. A step's work."""
    parts: list[ExportFile | None] = [*parts_of(export, ExportFile.Part.ROWS)] or [None]
    for number, part in enumerate(parts, 1):
        if number <= (step.cursor or 0):
            continue
        content = _set(export, columns, part)
        filed = file_part(export, ExportFile.Part.PAGES, number, content, suffix=".pdf")
        with transaction.atomic():
            filed.save()
            step.checkpoint(number, done=number)
    return pages_of(export)


def pages_of(export: Export) -> int:
    """An empty list has a page, too."""
    return max(1, -(-(export.rows or 0) // ROWS_OF_A_PAGE))


def _set(export: Export, columns: Sequence[Column], part: ExportFile | None) -> bytes:
    first = (part.number - 1) * PAGES_OF_A_PART if part else 0
    rows = _rows(part) if part else []
    pages = [rows[at : at + ROWS_OF_A_PAGE] for at in range(0, len(rows), ROWS_OF_A_PAGE)]
    data = {
        "title": DATASETS[export.dataset].title,
        "subtitle": f"{export.rows:,} rows, as asked for on {moment(export.asked_at)}",
        "columns": [
            {"label": one.label, "width": one.width, "right": one.is_numeric} for one in columns
        ],
        "pages": [_columns(page, columns) for page in pages or [[]]],
        "first": first + 1,
        "of": pages_of(export),
    }
    return set_table("export.typ", data, at=export.asked_at)


def _rows(part: ExportFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(part.read().decode(), newline="")))


def _columns(page: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[list[str]]:
    """Turned: each column's cells from top to bottom, none wider than its column."""
    whole = sum(column.width for column in columns)
    return [
        [cut(row[n], share=column.width / whole) for row in page]
        for n, column in enumerate(columns)
    ]


def write_pdf(export: Export, _columns: Sequence[Column], target: Path, step: Step) -> None:
    """All parts, bound. Their tags for screen readers are not made: they are 14 times the text.

    Each part is laid beside the target, and let go when its pages are taken: what is kept of it is
    where its streams stand in that file. Held until the end, a hundred parts are 40 MB more.
    """
    with pikepdf.new() as whole:
        for number, part in enumerate(parts_of(export, ExportFile.Part.PAGES), 1):
            beside = target.with_name(f"{number}.pdf")
            beside.write_bytes(part.read())
            with pikepdf.open(beside, access_mode=pikepdf.AccessMode.stream) as source:
                whole.pages.extend(source.pages)
            step.advance(number)
        whole.docinfo["/Title"] = DATASETS[export.dataset].title
        whole.save(target)  # a deterministic id would end the process on a full disk (qpdf 12.4)
