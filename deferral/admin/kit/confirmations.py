"""What a person is asked before something is decided: why, and how fast."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone

from deferral.admin.kit.formatting import span
from deferral.ledger.dead_letters import Pace
from deferral.text.typed import Text


class Why(forms.Form):
    """No decision without a reason. Other forms ask more, by the row that it is about."""

    reason = Text(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        error_messages={"required": "Say why. Nothing was done."},
    )

    def __init__(self, row: Model, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, **options)

    def terms(self) -> dict[str, Any]:
        """What the verb is told besides who decides."""
        return {"reason": self.cleaned_data["reason"]}

    def told(self, verb: str) -> str:
        """The decision in a line, for the record."""
        return f"{verb}: {self.cleaned_data['reason']}"


class Confirmation(forms.Form):
    """What a person says before dead letters are touched. `count` is how many the page named."""

    reason = Text(
        max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 60})
    )
    count = forms.IntegerField(widget=forms.HiddenInput)

    def pace(self, first: int = 0) -> dict[str, Pace]:
        """What a verb is told besides who and why. `first` rows were settled before these."""
        return {}

    def plan(self, count: int) -> str:
        """What would happen, in a sentence. Nothing is said of what happens at once."""
        return ""


class Replaying(Confirmation):
    """All at once, or so many a minute: whoever was away need not be run over when they are back.

    `per_minute` is empty for all at once.
    """

    per_minute = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=60_000,
        label="Jobs a minute",
        help_text="Empty: all of them at once. The oldest go first.",
    )

    def pace(self, first: int = 0) -> dict[str, Pace]:
        """For a verb that takes one."""
        rate = self.cleaned_data["per_minute"]
        return {"pace": Pace(gap=60 / rate, first=first)} if rate else {}

    def plan(self, count: int) -> str:
        """What would happen, in a sentence."""
        rate = self.cleaned_data["per_minute"]
        if not rate:
            return f"All {count} would be due at once."
        took = timedelta(seconds=(count - 1) * 60 / rate)
        last = timezone.localtime(timezone.now() + took)
        then = f"the last {span(took)} later, at {last:%H:%M}"
        return f"The first of {count} would be due at once, {then}."


class Discarding(Confirmation):
    """Giving up is not done in silence."""

    reason = Text(
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        error_messages={"required": "Say why it may be given up. Nothing was discarded."},
    )
