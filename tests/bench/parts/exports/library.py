"""A program: the rows of a CSV file as a workbook, by the library that exports use, and no more."""

import csv
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from rustpy_xlsxwriter import write_worksheets

ROWS_OF_A_SHEET = 1_000_000


def rows(source: Path) -> Iterator[dict[str, Any]]:
    """Text; the last three columns are numbers."""
    with source.open(newline="") as text:
        for row in csv.reader(text):
            cells = [*row[:-3], *map(float, row[-3:])]
            yield {f"c{number}": cell for number, cell in enumerate(cells)}


def main(source: str, target: str) -> None:
    """One sheet."""
    write_worksheets([("Sheet1", islice(rows(Path(source)), ROWS_OF_A_SHEET))], target)


if __name__ == "__main__":
    main(*sys.argv[1:])
