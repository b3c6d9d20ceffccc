"""Where something is sent to: the fields of an address, and what is asked about it."""

from typing import Any

from django import forms

from deferral.text.typed import Line, Text
from orders.addresses import Address, country_choices, doubts

# Where most of what we send goes to.
HOME = "DE"
PARTS = ("postcode", "town", "region", "country")
LOOK_AGAIN = "Please look at it once more. If it is right, say so below, and it goes there."


class AddressForm(forms.Form):
    """An address anywhere. What its country's post would wonder about is said once, and taken when
    its writer confirms it: no right address is refused.
    """

    field_order = ("name", "email", "address", *PARTS, "as_written")

    address = Text(
        max_length=500,
        help_text="Street and number; a flat or a company on a line of its own.",
        widget=forms.Textarea({"rows": 2, "autocomplete": "street-address"}),
        error_messages={"required": "Please write the street and the number."},
    )
    postcode = Line(
        max_length=20,
        required=False,
        widget=forms.TextInput({"autocomplete": "postal-code", "autocapitalize": "characters"}),
    )
    town = Line(
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )
    region = Line(
        max_length=100,
        required=False,
        label="State, province or county",
        help_text="Where the addresses of your country have one.",
        widget=forms.TextInput({"autocomplete": "address-level1"}),
    )
    country = forms.ChoiceField(
        choices=country_choices,
        initial=HOME,
        widget=forms.Select({"autocomplete": "country"}),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Please choose the country that it goes to."
        ),
    )

    def ask_for_no_address(self) -> None:
        """Nothing has to be carried."""
        for name in ("address", *PARTS):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Every part is right in itself; now whether they fit their country."""
        sent = super().clean() or self.cleaned_data
        if not sent.get("country"):
            return sent
        found = [one for one in doubts(self.goes_to) if one[0] not in self.errors]
        if found:
            self.fields["as_written"] = confirmation()
            self.order_fields(self.field_order)
        if "as_written" not in self.data:
            for part, sentence in found:
                self.add_error(part, f"{sentence} {LOOK_AGAIN}")
        return sent

    @property
    def goes_to(self) -> Address:
        """What was sent, of a checked form."""
        sent = self.cleaned_data
        parts = {name: sent.get(name, "") for name in PARTS}
        return Address(street=sent.get("address", ""), **parts)


def confirmation() -> forms.BooleanField:
    """The customer's word that the address is right, against what we know of its country."""
    return forms.BooleanField(label="The address is right as it is written", required=False)
