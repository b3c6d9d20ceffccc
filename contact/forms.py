"""What somebody may write to us."""

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.mailboxes import MailboxField
from contact.models import LONGEST_NAME, LONGEST_WORDS, Message
from contact.taking import Said
from deferral.text.typed import Line, Words

NUMBER = re.compile(r"(?:H-?)?(\d{1,12})", re.IGNORECASE)
NO_NUMBER = "Our numbers look like H-10482. Leave it out if you do not have it at hand."


class FormKey(forms.Field):
    """The form's own, or a new one: nobody loses a message for what stands in a hidden field."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID:
        """Never an error."""
        try:
            return uuid.UUID(str(value))
        except ValueError:
            return uuid.uuid4()


class MessageForm(forms.Form):
    """`form_key` makes a double submit one message."""

    form_key = FormKey()
    name = Line(
        label="Your name",
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = MailboxField(
        label="E-mail",
        help_text="We answer to this address.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    topic = forms.ChoiceField(label="It is about", choices=Message.Topic)
    order_number = forms.CharField(
        label="Order number",
        required=False,
        max_length=30,
        help_text="If you have one: H-10482, for example.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    words = Words(
        label="Your message",
        max_length=LONGEST_WORDS,
        most_lines=0,
        widget=forms.Textarea({"rows": 8}),
        help_text=f"At most {LONGEST_WORDS:,} letters.",
    )

    def clean_order_number(self) -> str:
        """`H-10482`, however it was typed; empty where it was left out."""
        typed = "".join(self.cleaned_data["order_number"].split())
        found = NUMBER.fullmatch(typed)
        if typed and not (found and typed.isascii()):
            raise ValidationError(NO_NUMBER)
        return f"H-{int(found[1])}" if found else ""

    def said(self) -> Said:
        """Once it is valid."""
        sent = self.cleaned_data
        return Said(
            topic=sent["topic"],
            name=sent["name"],
            email=sent["email"],
            order_number=sent["order_number"],
            words=sent["words"],
        )


def begin_with(*, name: str, email: str, order_number: str) -> dict[str, Any]:
    """What a fresh form holds."""
    known = {"name": name[:LONGEST_NAME], "email": email, "order_number": order_number[:30]}
    return known | {"form_key": uuid.uuid4(), "topic": Message.Topic.ORDER if order_number else ""}
