"""From text to rows: which columns there are, and each line's cells by column.

Separated by commas, semicolons or tabs, with any line ends; quoted as RFC 4180 has it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shop.imports.cells import unguarded
from shop.imports.columns import KNOWN, LABELS, SKU, header
from shop.imports.decoding import decoded
from shop.imports.errors import NotReadable

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
MOST_ROWS, MOST_COLUMNS = 50_000, 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line: where it begins in the file, counted from 1, and its cells by column."""

    line: int
    cells: Mapping[str, str]
    complaint: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The whole file. `read_as` says how it was understood."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    read_as: str


def table_of(content: bytes) -> Table:
    """Every row that is not empty. NotReadable with a sentence."""
    text, encoding = decoded(content)
    separator = _separator(text)
    lines = _lines(text, separator)
    _, head = next(lines, (1, []))
    columns = _columns(_names(head))
    rows = tuple(_rows(lines, columns))
    if not rows:
        raise NotReadable("Below the header there is no line.")
    read_as = f"{encoding}, separated by {SEPARATORS[separator]}"
    return Table(columns=columns, rows=rows, read_as=read_as)


def _separator(text: str) -> str:
    """The one by which most names of the first line are known."""
    first = next(_lines_of(text), "")
    return max(SEPARATORS, key=lambda each: sum(map(_is_known, first.split(each))))


def _is_known(name: str) -> bool:
    return header(name.strip().strip('"')) in KNOWN


def _lines_of(text: str) -> Iterator[str]:
    """Without those that are empty, and the one in which Excel tells itself the separator."""
    for line in io.StringIO(text, newline=None):
        if line.strip() and not line.casefold().startswith("sep="):
            yield line


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Where each begins, and its cells; without those in which nothing stands."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    began = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            msg = f"Line {began}: its quotes do not fit, or a cell is far too long ({error})."
            raise NotReadable(msg) from error
        if cells is None:
            return
        if any(map(str.strip, cells)) and not (
            began == 1 and cells[0].casefold().startswith("sep=")
        ):
            yield began, cells
        began = reader.line_num + 1


def _names(head: list[str]) -> list[str]:
    """Without the empty cells at its end. NotReadable where it is far too wide."""
    while head and not head[-1].strip():
        head.pop()
    if len(head) > MOST_COLUMNS:
        msg = f"The first line has {len(head):,} columns: is it a file of products?"
        raise NotReadable(msg)
    return head


def _columns(head: list[str]) -> tuple[str, ...]:
    unknown = [one for one in head if header(one) not in KNOWN]
    if len(unknown) == len(head):
        known = ", ".join(LABELS.values())
        msg = f"The first line must name the columns. These are known: {known}."
        raise NotReadable(msg)
    if unknown:
        msg = f"Nobody knows the column “{unknown[0][:60]}”. Leave it out, or write it as exported."
        raise NotReadable(msg)
    columns = tuple(KNOWN[header(one)] for one in head)
    if twice := [one for one in columns if columns.count(one) > 1]:
        msg = f"The column {LABELS[twice[0]]} is there twice."
        raise NotReadable(msg)
    if SKU not in columns:
        raise NotReadable("There is no column SKU: by it a product is known.")
    return columns


def _rows(lines: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]) -> Iterator[Row]:
    for number, (line, cells) in enumerate(lines, 1):
        if number > MOST_ROWS:
            msg = f"The file has more than {MOST_ROWS:,} lines. Divide it."
            raise NotReadable(msg)
        yield _row(line, cells, columns)


def _row(line: int, cells: list[str], columns: tuple[str, ...]) -> Row:
    if any(map(str.strip, cells[len(columns) :])) or len(cells) < len(columns):
        said = f"It has {len(cells)} cells, and the first line {len(columns)}."
        return Row(line=line, cells={}, complaint=said)
    return Row(line=line, cells=dict(zip(columns, map(unguarded, cells), strict=False)))
