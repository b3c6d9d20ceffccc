"""What a customer says who wants to send something back."""

import uuid
from typing import Any

from django import forms

from deferral.text.typed import Words
from orders.models import Return
from orders.models.returns import LONGEST_WORDS
from orders.returns.asking import NOTHING, Asked
from orders.returns.offering import Offer, Offered

SAY_WHAT = "Say in a few words what is wrong: we decide by that."


class ReturnForm(forms.Form):
    """So many of each line that can come back, and why. `key`: sent twice, it asks once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label="Why", choices=Return.Reason.choices, widget=forms.RadioSelect)
    words = Words(
        label="What is it?",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea({"rows": 4}),
        help_text=f"At most {LONGEST_WORDS:,} letters. May be empty where the reason says it all.",
    )

    def __init__(self, offer: Offer, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        self._offered = [one for one in offer.lines if one.most]
        for one in self._offered:
            self.fields[name_of(one)] = _how_many(one)

    @property
    def quantities(self) -> list[tuple[Offered, forms.BoundField]]:
        """Each line with its field, for the page."""
        return [(one, self[name_of(one)]) for one in self._offered]

    def clean(self) -> dict[str, Any]:
        """With at least one of something, and with words where the reason says nothing."""
        sent = super().clean() or self.cleaned_data
        if not self.errors and not self._quantities(sent):
            raise forms.ValidationError(NOTHING)
        if sent.get("reason") == Return.Reason.OTHER and not sent.get("words"):
            self.add_error("words", SAY_WHAT)
        return sent

    def asked(self) -> Asked:
        """Once it is valid."""
        sent = self.cleaned_data
        return Asked(quantities=self._quantities(sent), reason=sent["reason"], words=sent["words"])

    def _quantities(self, sent: dict[str, Any]) -> dict[int, int]:
        found = {one.line.pk: sent.get(name_of(one)) for one in self._offered}
        return {line: quantity for line, quantity in found.items() if quantity}


def name_of(one: Offered) -> str:
    """Of its field."""
    return f"line_{one.line.pk}"


def _how_many(one: Offered) -> forms.IntegerField:
    return forms.IntegerField(label=one.line.title, required=False, min_value=0, max_value=one.most)
