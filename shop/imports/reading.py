"""Lines beside the products they are about, so many at a time, in one query or two."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import QuerySet
from django.db.models.functions import Lower

from shop.imports.archive import Archive
from shop.imports.columns import LABELS, SKU
from shop.imports.judging import judged
from shop.imports.outcomes import Complaint, Judged
from shop.imports.pictures import judge_pictures
from shop.imports.table import Row, Table
from shop.models import Product

TWICE = "This number is in line {line} already."
TWICE_SLUG = "This address is in line {line} already."


@dataclass(slots=True)
class Seen:
    """In which line each number and each address stood first: of the whole file, before any of it
    is judged, so that a job that goes on in the middle judges as one that began at the beginning.
    """

    skus: dict[str, int] = field(default_factory=dict)
    slugs: dict[str, int] = field(default_factory=dict)


def seen_in(table: Table) -> Seen:
    """All of it, without the database."""
    seen = Seen()
    for row in table.rows:
        seen.skus.setdefault(number_of(row), row.line)
        if slug := row.cells.get("slug", "").strip():
            seen.slugs.setdefault(slug, row.line)
    return seen


def number_of(row: Row) -> str:
    """By which its product is known: capitals make no other."""
    return row.cells.get(SKU, "").strip().lower()


def judge(
    rows: Sequence[Row],
    seen: Seen,
    *,
    among: QuerySet[Product],
    archive: Archive | None = None,
) -> list[Judged]:
    """Each of them, in order. `among` are the products as they are to be compared with, `archive`
    holds the pictures that came along.
    """
    numbers = [number_of(row) for row in rows]
    known = among.alias(number=Lower("sku")).filter(number__in=numbers)
    kept = {product.sku.lower(): product for product in known}
    owners = _owners(row.cells.get("slug", "").strip() for row in rows)
    found = [
        judged(row, kept.get(number), owners) for row, number in zip(rows, numbers, strict=True)
    ]
    for one, row in zip(found, rows, strict=True):
        one.complaints.extend(_twice(one, row, seen))
    judge_pictures(found, rows, archive)
    return found


def _owners(slugs: Iterable[str]) -> Mapping[str, str]:
    """Whose addresses these are."""
    wanted = {slug for slug in slugs if slug}
    owners = Product.objects.filter(slug__in=wanted).values_list("slug", "sku")
    return dict(owners)


def _twice(one: Judged, row: Row, seen: Seen) -> Iterator[Complaint]:
    first = seen.skus.get(number_of(row), row.line)
    if first != row.line and one.sku:
        yield Complaint(column=LABELS[SKU], said=TWICE.format(line=first))
        return
    slug = row.cells.get("slug", "").strip()
    first = seen.slugs.get(slug, row.line)
    if slug and first != row.line:
        yield Complaint(column=LABELS["slug"], said=TWICE_SLUG.format(line=first))


def chunks(rows: Sequence[Row], *, after: int, size: int) -> Iterator[list[Row]]:
    """So many at a time, from the row behind the first `after`."""
    rest = iter(rows[after:])
    while chunk := list(islice(rest, size)):
        yield chunk
