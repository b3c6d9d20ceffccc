"""What a guest types who looks for an order."""

import re

from django import forms

from accounts.login_names import login_name
from accounts.mailboxes import MailboxField
from deferral.text.typed import Line
from shop.models import LONGEST_NUMBER


class FindOrderForm(forms.Form):
    """Which order, and the address it was placed with. Any number will do: nobody looks here."""

    number = Line(
        label="Order number",
        max_length=LONGEST_NUMBER,
        help_text="As in our mails: H-10482.",
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off"}),
    )
    email = MailboxField(
        label="E-mail",
        help_text="The one you ordered with.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean_number(self) -> str:
        """`h 10482`, `#10482` and `10482` are what stands in our mails as `H-10482`."""
        digits = "".join(re.findall(r"[0-9]", self.cleaned_data["number"]))
        return f"H-{digits}"[:LONGEST_NUMBER]

    def clean_email(self) -> str:
        """In the one spelling of a login."""
        return login_name(self.cleaned_data["email"])
