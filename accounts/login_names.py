"""The e-mail address by which somebody logs in: one spelling of it, whoever writes it and however.

The rule is that of every address (`accounts.mailboxes`), and case is no difference: `Ada@…` and
`ada@…` are one mailbox wherever mail is delivered. A domain's two spellings are one by the rule. A
look-alike is another address, and is seen to be: letters that are not ASCII are refused before the
@, and stand as `xn--…` behind it.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from accounts.errors import NotAnAddress
from accounts.mailboxes import MailboxField, on_the_wire

# Printable ASCII without space and capitals, and one @: what the table takes, whoever writes it.
ONE_SPELLING = r"^[!-?[-~]+@[!-?[-~]+$"
# Of an address, by SMTP (RFC 5321): whoever notes by whom something was done, has room for it.
LONGEST = 254


def login_name(written: str) -> str:
    """`Ada@Straße.example` as `ada@xn--strae-oqa.example`. NotAnAddress, with a sentence, else."""
    return on_the_wire(written).lower()


def login_name_in(words: str) -> str:
    """The same of an address; nothing for other words."""
    try:
        return login_name(words)
    except NotAnAddress:
        return ""


class LoginNameField(models.EmailField[str, str]):
    """A column of such addresses. It is searched by the rule it is written by: in any spelling.

    A form, `clean` and `createsuperuser` refuse what is no address with a sentence. What else
    writes it meets the table's own rule, an IntegrityError.
    """

    def to_python(self, value: Any) -> Any:
        """In its one spelling. ValidationError for what cannot be mailed."""
        text = super().to_python(value)
        if not text:
            return text
        try:
            return login_name(text)
        except NotAnAddress as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> Any:
        """What is no address is asked for as it stands, and is nobody's."""
        try:
            return super().get_prep_value(value)
        except ValidationError:
            return value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's
        """The row in memory says what the one in the table does."""
        written = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, written)
        return written

    def formfield(self, **options: Any) -> forms.Field | None:
        """As every address is typed."""
        return super().formfield(**{"form_class": MailboxField, **options})
