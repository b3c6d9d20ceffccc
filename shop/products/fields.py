"""The fields of a product that are more than words, as the form and the import of a file ask them.

Each is a choice or a number that means one thing. What is kept already may be kept, also where it
would not be offered any more.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shop.art import OBJECTS
from shop.art.scenes import MOTIFS
from shop.products.prices import cents_of, typed

# Of Germany, in hundredths of a per cent.
TAXES = {1900: "19 %", 700: "7 % (reduced)", 0: "0 % (free of tax)"}


class Euros(forms.CharField):
    """A price, typed in euros, kept in cents."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 12, "class": "vTextField"})

    def prepare_value(self, value: Any) -> Any:
        """What is kept, as it is typed; what was typed, as it was."""
        return typed(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Cents; None for nothing."""
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return cents_of(str(text))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """`24,5` is no other price than `24.50`."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


def in_words(name: str) -> str:
    """`lighthouse` as it is chosen."""
    return name.replace("_", " ").capitalize()


def choices(names: Any, kept: str = "") -> list[tuple[str, str]]:
    """Names to choose from, by the alphabet; with what is kept."""
    return [(name, in_words(name)) for name in sorted({*names, kept} - {""})]


def motifs(kept: str = "") -> list[tuple[str, str]]:
    """What the generated picture shows."""
    return choices(MOTIFS, kept)


def objects(kept: str = "") -> list[tuple[str, str]]:
    """What it is printed on; of a download, what is in it."""
    return choices(OBJECTS, kept)


def taxes(kept: int | None = None) -> list[tuple[int, str]]:
    """The rates; with what is kept."""
    more = {} if kept is None or kept in TAXES else {kept: f"{kept / 100:g} %"}
    return [*TAXES.items(), *more.items()]
