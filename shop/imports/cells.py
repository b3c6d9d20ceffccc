"""What one cell says: the value it means, and how our own export writes that value.

A cell that says what is kept already is no change, whatever would be offered today.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

from deferral.text.typed import Line, Text
from shop.models import LONGEST_DESCRIPTION, MOST_IN_STOCK, Product
from shop.products.fields import Euros, motifs, objects

LARGEST = 2_147_483_647
# As `reports.exports.columns` guards a cell that a spreadsheet would run.
GUARDED = re.compile("'('*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
# Excel's own words in English and German, and what people write.
YES = {"true", "yes", "1", "t", "y", "wahr", "ja", "x"}
NO = {"", "false", "no", "0", "f", "n", "falsch", "nein"}
YES_OR_NO = "Write yes or no."
A_MOMENT = "Write a date and a time, like 2026-12-12 19:00."
YEARS = range(1970, 2200)
GERMAN = ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")
A_RATE = "Write hundredths of a per cent, like 1900, or a percentage, like 19 %."
PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%", re.ASCII)

Read = Callable[[str], Any]
Write = Callable[[Any], str]


def unguarded(cell: str) -> str:
    """Without the apostrophe that our export puts before what a spreadsheet would run."""
    return cell[1:] if GUARDED.match(cell) else cell


def by(field: forms.Field) -> Read:
    """As a field of a form reads it. ValidationError."""
    return field.clean


def one_of(choices: list[tuple[str, str]], *, may_be_empty: bool = False) -> Read:
    """By its name or its label, in any case of its letters."""
    known = {word.casefold(): value for value, label in choices for word in (value, label)}

    def read(text: str) -> str:
        said = text.strip().casefold()
        if may_be_empty and not said:
            return ""
        if said not in known:
            offered = ", ".join(value for value, _ in choices if value)
            raise ValidationError("Write one of these: %(offered)s.", params={"offered": offered})
        return known[said]

    return read


def yes_or_no(text: str) -> bool:
    """Empty is no."""
    said = text.strip().casefold()
    if said not in YES | NO:
        raise ValidationError(YES_OR_NO)
    return said in YES


def rate(text: str) -> int:
    """`1900`, or `19 %`, in hundredths of a per cent.

    `19` alone is refused: no tax is a fifth of a per cent, the sign was forgotten.
    """
    said = text.strip()
    found = PERCENT.fullmatch(said)
    if found:
        points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    else:
        points = int(said) if said.isascii() and said.isdigit() and len(said) <= 5 else -1
    if not 0 <= points <= 10_000 or (not found and 0 < points < 100):
        raise ValidationError(A_RATE)
    return points


def moment(text: str) -> datetime | None:
    """With its offset, or by the shop's clock; to the second. None for nothing."""
    said = text.strip()
    if not said:
        return None
    found = _moment(said)
    if found is None or found.year not in YEARS:
        raise ValidationError(A_MOMENT)
    return (from_current_timezone(found) if timezone.is_naive(found) else found).replace(
        microsecond=0
    )


def _moment(said: str) -> datetime | None:
    for style in GERMAN:
        try:
            return datetime.strptime(said, style)  # noqa: DTZ007 - made aware by whoever asked
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(said) if len(said) > len("2026-12-12") else None
    except ValueError:
        return None


def as_moment(value: datetime | None) -> str:
    """As the export writes it."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else ""


def as_euros(cents: int) -> str:
    """As the export writes it."""
    return f"{cents // 100}.{cents % 100:02}"


def as_flag(value: object) -> str:
    """As the export writes it."""
    return "true" if value else "false"


def as_text(value: object) -> str:
    """As the export writes it, with one kind of line ends: spreadsheets change them."""
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")


def whole_number(most: int, *, required: bool = True) -> Read:
    """From 0 to `most`."""
    return by(forms.IntegerField(min_value=0, max_value=most, required=required))


READERS: dict[str, tuple[Read, Write]] = {
    "title": (by(Line(max_length=200)), as_text),
    "slug": (by(forms.SlugField(max_length=60, required=False)), as_text),
    "category": (one_of(Product.Category.choices), as_text),
    "subtitle": (by(Line(max_length=200, required=False)), as_text),
    "description": (by(Text(max_length=LONGEST_DESCRIPTION, required=False)), as_text),
    "price_cents": (by(Euros()), as_euros),
    "tax_basis_points": (rate, as_text),
    "supplier": (one_of(Product.Supplier.choices, may_be_empty=True), as_text),
    "available": (whole_number(MOST_IN_STOCK, required=False), as_text),
    "on_sale": (yes_or_no, as_flag),
    "event_at": (moment, as_moment),
    "venue": (by(Line(max_length=100, required=False)), as_text),
    "position": (whole_number(LARGEST), as_text),
    "art_motif": (one_of(motifs()), as_text),
    "art_object": (one_of(objects()), as_text),
    "art_seed": (whole_number(LARGEST), as_text),
}
