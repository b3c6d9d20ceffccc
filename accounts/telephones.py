"""Telephone numbers: one rule for what is typed, what is stored and what is shown.

The rule is phonenumberslite's, which is Google's libphonenumber with its table of all countries. A
number is kept as it goes over the wire (E.164: `+4915123456789`). In lists and logs it is masked:
it names a person, and nobody needs all of it to know which one is meant.
"""

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

NO_NUMBER = "This is no telephone number that exists. With a + and the country first, any will do."
NO_MOBILE = "We can send an SMS to mobile numbers only."
# Of some countries, such as the USA, a number does not say which of the two it is.
TAKES_SMS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
# Digits at the end that stay visible.
SEEN = 2
# More is no number, however it is grouped.
LONGEST_TYPED = 40


class NotANumber(ValueError):
    """Nobody can have this number. The message is a sentence for who typed it."""

    def __init__(self, sentence: str = NO_NUMBER) -> None:
        super().__init__(sentence)


class NoMobile(NotANumber):
    """No mobile telephone: a line in a house, or one that is paid for by who calls it."""

    def __init__(self) -> None:
        super().__init__(NO_MOBILE)


def on_the_wire(typed: str, *, region: str = "") -> str:
    """`0151 23456789` as `+4915123456789`. NotANumber for what nobody can have.

    `region`: whose number it is without a prefix, in two capitals; the settings' where none is
    said.
    """
    return str(phonenumbers.format_number(_read(typed, region), PhoneNumberFormat.E164))


def mobile_on_the_wire(typed: str, *, region: str = "") -> str:
    """The same of a number that an SMS may go to. NoMobile of another that somebody has."""
    number = _read(typed, region)
    if phonenumbers.number_type(number) not in TAKES_SMS:
        raise NoMobile
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _read(typed: str, region: str) -> phonenumbers.PhoneNumber:
    """All of it: what is too long is no number, whatever it begins with."""
    if len(typed) > LONGEST_TYPED:
        raise NotANumber
    try:
        number = phonenumbers.parse(typed, region or settings.PHONE_REGION)
    except NumberParseException as error:
        raise NotANumber from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise NotANumber
    return number


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
