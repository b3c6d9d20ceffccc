"""Telephone numbers: one rule for what is typed, what is stored and what is shown.

The rule is phonenumberslite's, which is Google's libphonenumber with its table of all countries. A
number is kept as it goes over the wire (E.164: `+4915123456789`). In lists and logs it is masked:
it names a person, and nobody needs all of it to know which one is meant.
"""

from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from phonenumbers import NumberParseException, PhoneNumberFormat

NO_NUMBER = "This is no telephone number that exists. With a + and the country first, any will do."
# Digits at the end that stay visible.
SEEN = 2
# More is no number, however it is grouped.
LONGEST_TYPED = 40


class NotANumber(ValueError):
    """Nobody can have this number."""


def on_the_wire(typed: str, *, region: str = "") -> str:
    """`0151 23456789` as `+4915123456789`. NotANumber for what nobody can have.

    `region`: whose number it is without a prefix, in two capitals; the settings' where none is
    said.
    """
    try:
        number = phonenumbers.parse(typed[:LONGEST_TYPED], region or settings.PHONE_REGION)
    except NumberParseException as error:
        raise NotANumber from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise NotANumber
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def as_written(number: str) -> str:
    """As its owner would write it: `+49 1512 3456789`. What is no number is left as it is."""
    try:
        found = phonenumbers.parse(number, None)
    except NumberParseException:
        return number
    return str(phonenumbers.format_number(found, PhoneNumberFormat.INTERNATIONAL))


def masked(number: str) -> str:
    """`+49 … 89`; empty of none."""
    if not number:
        return ""
    country = as_written(number).partition(" ")[0]
    return f"{country} … {number[-SEEN:]}"


class TelephoneField(forms.CharField):
    """A number that somebody can have. Its value is what goes over the wire."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST_TYPED, **options})

    def to_python(self, value: Any) -> Any:
        """ValidationError for what is no number; empty stays empty."""
        typed = super().to_python(value)
        if not typed:
            return typed
        try:
            return on_the_wire(typed)
        except NotANumber as error:
            raise ValidationError(NO_NUMBER) from error
