"""E-mail addresses: one rule for what is typed, what is stored and what is sent.

The rule is email-validator's: IDNA 2008, and what SMTP carries everywhere. An address is kept as it
goes over the wire, its domain in ASCII; people read it as they write it. Letters before the @ that
are not ASCII are refused: half of the servers on the way would not take them (SMTPUTF8). DNS is not
asked: a checkout waits for nobody's name server.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from email_validator import EmailNotValidError, validate_email

from accounts.errors import NotAnAddress

# `strict` is the length of the part before the @.
RULES: dict[str, Any] = {
    "check_deliverability": False,
    "allow_smtputf8": False,
    "strict": True,
}


def on_the_wire(address: str, *, at_home: bool = False) -> str:
    """`ada@straße.example` as `ada@xn--strae-oqa.example`. NotAnAddress, with a sentence, else.

    `at_home`: names such as mail.local are addresses too, as they are in settings.
    """
    try:
        found = validate_email(address, **RULES, globally_deliverable=not at_home)
    except EmailNotValidError as error:
        raise NotAnAddress(str(error)) from error
    return str(found.ascii_email)


def as_written(address: str) -> str:
    """The same for people: `ada@straße.example`. What is no address is left as it is."""
    try:
        return str(validate_email(address, **RULES, globally_deliverable=False).normalized)
    except EmailNotValidError:
        return address


def searched(words: str) -> str:
    """An address as it is stored; nothing for other words."""
    try:
        return on_the_wire(words, at_home=True)
    except NotAnAddress:
        return ""


class MailboxField(forms.CharField):
    """An address that can be mailed. Its value is what goes over the wire."""

    widget = forms.EmailInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254, **options})

    def to_python(self, value: Any) -> Any:
        """Checked before its length, which is that of the wire."""
        address = super().to_python(value)
        if not address:
            return address
        try:
            return on_the_wire(address)
        except NotAnAddress as error:
            raise ValidationError(str(error)) from error
