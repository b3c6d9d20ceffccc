"""What somebody types who wants their account deleted."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.login_names import login_name_in


class DeletionForm(forms.Form):
    """The address of the account, in any spelling: nobody types that by mistake."""

    email = forms.CharField(
        label="Your e-mail address",
        help_text="Type it to confirm that this account is meant.",
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def clean_email(self) -> str:
        """ValidationError for another one."""
        typed = login_name_in(self.cleaned_data["email"])
        if typed != self.address:
            raise ValidationError("That is not the address of this account.")
        return typed
