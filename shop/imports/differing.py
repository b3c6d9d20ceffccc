"""The first cells that would change, before and after: what a person looks at before a yes."""

from collections.abc import Iterable, Iterator
from itertools import islice

from shop.imports.cells import READERS
from shop.imports.columns import LABELS, PICTURES
from shop.imports.outcomes import Judged, Outcome
from shop.imports.picture_names import JOIN
from shop.models import ChangedCell, ProductImport

SHOWN = 20
# Letters that are kept of a text, and of what is the same before the first that differs.
LONGEST, LEAD = 200, 30


def changed_cells(
    source: ProductImport, found: Iterable[Judged], *, already: int
) -> list[ChangedCell]:
    """Those to be shown of these lines, where so many are shown already."""
    cells = (cell for one in found if one.outcome == Outcome.CHANGED for cell in _cells(one))
    return [
        ChangedCell(source=source, line=line, sku=sku, column=column, before=before, after=after)
        for line, sku, column, before, after in islice(cells, SHOWN - already)
    ]


def _cells(one: Judged) -> Iterator[tuple[int, str, str, str, str]]:
    for name in one.changed:
        after = READERS[name][1](getattr(one.product, name))
        yield one.line, one.sku, LABELS[name], *apart(one.before[name], after)
    if one.pictures:
        names = JOIN.join(came.name for came in one.pictures)
        yield one.line, one.sku, f"{LABELS[PICTURES]}, added", *apart("", names)


def apart(before: str, after: str) -> tuple[str, str]:
    """Both, from shortly before the first letter that differs, and no longer than is kept."""
    differ = (n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
    same = next(differ, min(len(before), len(after)))
    start = 0 if max(len(before), len(after)) <= LONGEST else max(0, same - LEAD)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    shown = f"…{text[start + 1 :]}" if start else text
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
