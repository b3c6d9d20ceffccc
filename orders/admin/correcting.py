"""Putting a parcel right: what is asked, and what is written down."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict

from deferral.admin.kit.confirmations import Why
from deferral.text.typed import Line
from orders.models import Shipment
from orders.shipments.reading import LONGEST_ADDRESS, LONGEST_TRACKING, is_address

NO_ADDRESS = "An address such as https://carrier.example/follow/7, without a name and a password."
FIELDS = ("state", "carrier", "tracking_number", "tracking_url")


def followable(text: str) -> None:
    """ValidationError for an address to which no customer is led."""
    if not is_address(text):
        raise ValidationError(NO_ADDRESS)


class HowItStands(Why):
    """Where the parcel is, how it is followed, and why somebody knows better."""

    state = forms.ChoiceField(choices=Shipment.State.choices, label="It is")
    carrier = Line(max_length=LONGEST_TRACKING, required=False)
    tracking_number = Line(max_length=LONGEST_TRACKING, required=False)
    tracking_url = forms.CharField(
        max_length=LONGEST_ADDRESS,
        required=False,
        label="Tracking address",
        help_text="Its customer is led there. Empty: nowhere.",
        validators=[followable],
    )
    field_order = (*FIELDS, "reason")

    def __init__(self, row: Model, data: QueryDict | None = None, **options: Any) -> None:
        assert isinstance(row, Shipment)  # noqa: S101 - decisions about parcels are asked of parcels
        initial = {name: getattr(row, name) for name in FIELDS}
        super().__init__(row, data, initial=initial, **options)
        self.before = row.get_state_display()

    def terms(self) -> dict[str, Any]:
        """And how it stands."""
        return super().terms() | {name: self.cleaned_data[name] for name in FIELDS}

    def told(self, verb: str) -> str:
        """From what to what, and why."""
        after = Shipment.State(self.cleaned_data["state"]).label
        return f"{verb} from {self.before} to {after}: {self.cleaned_data['reason']}"
