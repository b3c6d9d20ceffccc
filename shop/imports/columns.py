"""The columns of a file, and the words by which each is known in its first line."""

from collections.abc import Mapping

from shop.imports.cells import READERS, unguarded

SKU = "sku"
# Names of files that came along: `shop.imports.pictures`.
PICTURES = "pictures"
# What our own export writes above a column, by the column.
LABELS: Mapping[str, str] = {
    SKU: "SKU",
    "title": "Title",
    "slug": "Slug",
    "category": "Category",
    "subtitle": "Subtitle",
    "description": "Description",
    "price_cents": "Price",
    "tax_basis_points": "Tax (hundredths of a %)",
    "supplier": "Supplier",
    "available": "Available",
    "on_sale": "On sale",
    "event_at": "Event",
    "venue": "Venue",
    "position": "Position",
    "art_motif": "Picture shows",
    "art_object": "Picture is on",
    "art_seed": "Picture seed",
    PICTURES: "Pictures",
}
# Known by its label alone: the name says cents, and the cells are read as euros.
IN_EUROS = "price_cents"
KNOWN = {
    word.casefold(): name
    for name, label in LABELS.items()
    for word in (name, label)
    if (name in {SKU, PICTURES} or name in READERS) and word != IN_EUROS
} | {"tax": "tax_basis_points"}


def header(cell: str) -> str:
    """As `KNOWN` has it: blanks and the case of its letters mean nothing."""
    return " ".join(unguarded(cell).split()).casefold()
