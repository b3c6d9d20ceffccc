"""What staff say of a parcel that has come back: how much of what is in it, and in which state."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from deferral.admin.kit.confirmations import Why
from deferral.text.typed import Text
from orders.admin.money import money
from orders.models import Return, ReturnLine
from orders.returns.arriving import NOTHING, Came

TOO_MANY = "No more can be sold again than have arrived."


class Arrival(Why):
    """Of each line how many came, and how many of those are sold again."""

    reason = Text(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        label="Note",
        help_text="For colleagues. May be empty.",
    )

    def __init__(self, row: Return, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(row, data, **options)
        self._row, self._lines = row, list(row.lines.select_related("line"))
        asked = dict(field for one in self._lines for field in self._fields_of(one))
        self.fields.update(asked)
        self.order_fields([*asked, "reason"])

    def clean(self) -> dict[str, Any]:
        """With what came, by line."""
        sent = super().clean() or self.cleaned_data
        for one in self._lines:
            arrived, again = sent.get(_arrived(one)), sent.get(_again(one))
            if arrived is not None and again is not None and again > arrived:
                self.add_error(_again(one), TOO_MANY)
        if not self.errors and not any(sent[_arrived(one)] for one in self._lines):
            raise forms.ValidationError(NOTHING)
        return sent

    def terms(self) -> dict[str, Any]:
        """With what came, by the keys of the return's lines."""
        sent = self.cleaned_data
        came = {
            one.pk: Came(arrived=sent[_arrived(one)], sold_again=sent[_again(one)])
            for one in self._lines
        }
        return super().terms() | {"came": came}

    def told(self, verb: str) -> str:
        """`Arrived: 1 of 2 x Harbour mug, 1 sold again. Note`."""
        sent = self.cleaned_data
        each = (
            f"{sent[_arrived(one)]} of {one}, {sent[_again(one)]} sold again" for one in self._lines
        )
        return f"{verb}: {'; '.join(each)}. {sent['reason']}".strip()

    def _fields_of(self, one: ReturnLine) -> Iterator[tuple[str, forms.Field]]:
        each = money(one.line.unit_cents, self._row.order.currency)
        is_spoilt = self._row.reason == Return.Reason.DAMAGED
        yield (
            _arrived(one),
            forms.IntegerField(
                label=f"{one.line.title}: arrived",
                min_value=0,
                max_value=one.quantity,
                initial=one.quantity,
                help_text=f"Of {one.quantity}. {each} goes back for each.",
            ),
        )
        yield (
            _again(one),
            forms.IntegerField(
                label=f"{one.line.title}: sold again",
                min_value=0,
                max_value=one.quantity,
                initial=0 if is_spoilt else one.quantity,
                help_text="Of those that arrived. What is damaged does not go back to stock.",
            ),
        )


def _arrived(one: ReturnLine) -> str:
    return f"arrived_{one.pk}"


def _again(one: ReturnLine) -> str:
    return f"again_{one.pk}"
