"""What a line would do, and why not. Nothing is changed here."""

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from shop.imports.cells import READERS, as_text
from shop.imports.columns import LABELS, PICTURES, SKU
from shop.imports.outcomes import Complaint, Judged
from shop.imports.table import Row
from shop.models import NOT_A_SKU, Product, hindrances
from shop.models import SKU as A_SKU
from shop.products.slugs import FIXED

LONGEST_SKU = 40
NEEDED = ("title", "category", "price_cents")
OVER = "This evening is over: nobody could buy it."
TAKEN = "Another product has this address."
A_NEW_ONE = "A new product needs it."
# Cells that are left empty for what the product has, or what a new one gets.
OPTIONAL = {
    *("slug", "tax_basis_points", "position", "on_sale"),
    *("art_motif", "art_object", "art_seed"),
}
# Given once, with a new product: afterwards it is counted, and sales go on meanwhile.
ONCE = {"available"}
# Of these the value is no field of the product.
APART = {SKU, PICTURES}


def judged(row: Row, kept: Product | None, owners: Mapping[str, str]) -> Judged:
    """The line beside the product of its number, if there is one. `owners`: sku by slug."""
    sku = row.cells.get(SKU, "").strip()
    found = Judged(line=row.line, sku=kept.sku if kept else sku, is_new=kept is None)
    found.complaints.extend(_of_row(row, sku, is_new=kept is None))
    if found.complaints:
        return found
    values = dict(_values(row, kept, found))
    found.product = copy(kept) if kept else Product(sku=sku, on_sale=False)
    for name, value in values.items():
        setattr(found.product, name, value)
    found.changed = list(values)
    if kept is not None:
        found.before = {name: READERS[name][1](getattr(kept, name)) for name in values}
    if (found.changed or kept is None) and not found.complaints:
        found.complaints.extend(_of_product(found, kept, owners))
    return found


def _of_row(row: Row, sku: str, *, is_new: bool) -> Iterator[Complaint]:
    if row.complaint:
        yield Complaint(column="", said=row.complaint)
    elif not sku:
        yield Complaint(column=LABELS[SKU], said="A line without a number is nobody's.")
    elif is_new and (len(sku) > LONGEST_SKU or not _fits(sku)):
        yield Complaint(column=LABELS[SKU], said=f"{NOT_A_SKU} At most {LONGEST_SKU}.")
    elif is_new:
        missing = (name for name in NEEDED if not row.cells.get(name, "").strip())
        yield from (Complaint(column=LABELS[name], said=A_NEW_ONE) for name in missing)


def _fits(sku: str) -> bool:
    try:
        RegexValidator(A_SKU)(sku)
    except ValidationError:
        return False
    return True


def _values(row: Row, kept: Product | None, found: Judged) -> Iterator[tuple[str, Any]]:
    """What the cells say that the product does not."""
    for name, cell in row.cells.items():
        if name in APART or (name in OPTIONAL and not cell.strip()) or _says(cell, kept, name):
            continue
        if kept is not None and name in ONCE:
            found.is_counted = True
            continue
        try:
            value = READERS[name][0](cell)
        except ValidationError as error:
            complaint = Complaint(column=LABELS[name], said=" ".join(error.messages))
            found.complaints.append(complaint)
            continue
        if not _says(READERS[name][1](value), kept, name):
            yield name, value


def _says(cell: str, kept: Product | None, name: str) -> bool:
    """Whether it says what is kept already."""
    return kept is not None and as_text(cell) == READERS[name][1](getattr(kept, name))


def _of_product(
    found: Judged, kept: Product | None, owners: Mapping[str, str]
) -> Iterator[Complaint]:
    product = found.product
    if product is not None and product.on_sale:
        yield from _of_sale(product, found, is_new=kept is None)
    if product is not None and owners.get(product.slug, found.sku) != found.sku:
        yield Complaint(column=LABELS["slug"], said=TAKEN)
    if kept is not None and kept.on_sale and "slug" in found.changed:
        yield Complaint(column=LABELS["slug"], said=FIXED)


def _of_sale(product: Product, found: Judged, *, is_new: bool) -> Iterator[Complaint]:
    for name, said in hindrances(product).items():
        yield Complaint(column=LABELS[name], said=said)
    if product.is_over and (is_new or {"event_at", "on_sale"} & {*found.changed}):
        yield Complaint(column=LABELS["event_at"], said=OVER)
