"""One workbook of all parts, a million rows to a sheet.

Amounts and counts are numbers; times are text with their offset, since a spreadsheet's own times
have none. Text is text, whatever it begins with.
"""

import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from rustpy_xlsxwriter import Format, write_worksheets

from deferral.long_jobs import Step
from reports.exports.columns import Column, Kind
from reports.exports.rows import parts_of
from reports.models import Export, ExportFile

# A sheet has 1,048,576 rows, its header among them.
ROWS_OF_A_SHEET = 1_000_000
READERS = {Kind.NUMBER: int, Kind.MONEY: float}
# `Os { code: 28, … }` and `(os error 28)`: how Rust tells of an errno.
NUMBER = re.compile(r"(?:code: |os error )(\d+)")
# Excel's own most for a cell, in letters.
LONGEST = 32_767


def write_xlsx(export: Export, columns: Sequence[Column], target: Path, step: Step) -> None:
    """Header on every sheet, then the rows. The sheets stand beside `target` until it is whole."""
    rows, total = _rows(export, columns, step), export.rows or 0
    count = max(1, -(-total // ROWS_OF_A_SHEET))
    blank = iter([dict.fromkeys(column.label for column in columns)])
    contents = [islice(rows if total else blank, ROWS_OF_A_SHEET) for _ in range(count)]
    names = [f"Sheet{number}" for number in range(1, len(contents) + 1)]
    with _known_errors(), _temporary_files_in(target.parent):
        write_worksheets(
            list(zip(names, contents, strict=True)),
            str(target),
            float_format="0.00",
            freeze_panes={"general": {"row": 1, "col": 0}},
            header_format={"general": Format().set_bold()},
            column_widths={"general": [12 * column.width for column in columns]},
        )


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """The library asks the environment where to. Nobody else does: a child runs one job at a time.

    The system's own folder is memory in a container.
    """
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before


@contextmanager
def _known_errors() -> Iterator[None]:
    """OSError with its number where the library only tells of it, or panics over a full disk.

    The class of a panic cannot be imported, and is no Exception: it would end the worker's child.
    """
    try:
        yield
    except BaseException as error:
        is_told = type(error) is OSError and error.errno is None
        if not is_told and type(error).__name__ != "PanicException":
            raise
        if told := NUMBER.search(str(error)):
            raise OSError(int(told[1]), os.strerror(int(told[1]))) from error
        raise OSError(str(error)) from error


def _rows(export: Export, columns: Sequence[Column], step: Step) -> Iterator[dict[str, Any]]:
    labels = [column.label for column in columns]
    numeric = [(n, READERS[one.kind]) for n, one in enumerate(columns) if one.kind in READERS]
    count = 0
    for part in parts_of(export, ExportFile.Part.ROWS):
        with part.open() as stored, io.TextIOWrapper(stored, "utf-8", newline="") as text:
            for row in csv.reader(text):
                yield dict(zip(labels, _cells(row, numeric), strict=True))
                count += 1
        step.advance(count)


def _cells(row: list[Any], numeric: list[tuple[int, type[int] | type[float]]]) -> list[Any]:
    if sum(map(len, row)) > LONGEST:  # else none is
        row = [cell[:LONGEST] for cell in row]
    for n, read in numeric:
        row[n] = read(row[n]) if row[n] else None
    return row
