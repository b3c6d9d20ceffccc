"""What a file would do, or has done, in sentences."""

import csv
import io
from collections.abc import Iterator, Mapping

from shop.models import ProductImport

# Complaints of which no row is kept, by this name in what was found.
UNSAID = "unsaid"
MORE = "And {count:,} more, which are not kept. Mend these first."
WOULD = {
    "new": "new",
    "changed": "changed",
    "unchanged": "as they are",
    "refused": "left out",
}
COUNTED = (
    "Of {count:,} the file says another stock than there is. Stock is counted on the page of the "
    "product, and stays as it is."
)


def said_of(counts: Mapping[str, int] | None) -> str:
    """`12 new, 3 changed, 40 as they are, 2 left out`; empty for what is not known yet."""
    if counts is None:
        return ""
    found = ", ".join(f"{counts.get(name, 0):,} {word}" for name, word in WOULD.items())
    if pictures := counts.get("pictures", 0):
        found += f", {pictures:,} more {'picture' if pictures == 1 else 'pictures'}"
    stock = counts.get("stock", 0)
    return f"{found}. {COUNTED.format(count=stock)}" if stock else f"{found}."


def complaints(source: ProductImport) -> Iterator[str]:
    """What is wrong with its lines, as a CSV file, piece by piece, and how much more there was."""
    yield _line(["Line", "Column", "What is wrong"])
    cells = source.refused_cells.values_list("line", "column", "said")
    for line, column, said in cells.iterator():
        yield _line([str(line), column, _guarded(said)])
    if more := unsaid(source):
        yield _line(["", "", MORE.format(count=more)])


def unsaid(source: ProductImport) -> int:
    """How many complaints more there were than are kept."""
    return int((source.findings or {}).get(UNSAID, 0))


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _guarded(text: str) -> str:
    """What we say of a cell may begin with what stands in it."""
    return f"'{text}" if text[:1] in "=+-@\t\r\n" else text
