"""Results as a person reads them."""

from collections.abc import Iterator, Sequence

from tests.bench.results import Result, Row
from tests.bench.statistics import Mark


def as_text(result: Result) -> str:
    """Title, table, marks."""
    head = f"{result.title}  (load {result.load:.1f} before, {result.seconds:.0f} s)"
    said = [*map(verdict, result.marks), *map("  {}".format, result.notes)]
    failed = [f"  FAILED {result.failure}"] if result.failure else []
    return "\n".join([head, *table(result.rows), *said, *failed])


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Columns as wide as they must be; figures to the right."""
    if not rows:
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        first, *rest = zip(line, widths, strict=True)
        statistics = (cell.rjust(width) for cell, width in rest)
        yield "  " + "  ".join([first[0].ljust(first[1]), *statistics])


def verdict(mark: Mark) -> str:
    """A mark, and whether it was met."""
    word = "met   " if mark.met else "MISSED"
    unit = f" {mark.unit}" if mark.unit else ""
    return f"  {word} {mark.what}: {mark.value:.3g}{unit} ({mark.relation} {mark.limit:g}{unit})"
