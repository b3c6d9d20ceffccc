"""What staff decide about a message: what it is answered, that it is not, another draft."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from contact import answering
from contact.models import LONGEST_WORDS, Message
from contact.selectors import newest_draft
from deferral.admin.kit.confirmations import Why
from deferral.admin.kit.decisions import Decision
from deferral.text.typed import Text, Words, tidy

NOTE = {"rows": 2, "cols": 60}
# As the service is told to mark what it does not know.
TO_LOOK_UP = re.compile(r"\[[^\[\]]+\]")


class Looked(Why):
    """With the version that was looked at: of two colleagues the second is told."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: Message, data: QueryDict | None = None, **options: Any) -> None:
        initial = {"version": row.version, **options.pop("initial", {})}
        super().__init__(row, data, initial=initial, **options)

    def terms(self) -> dict[str, Any]:
        """What the verb is told."""
        return super().terms() | {"version": self.cleaned_data["version"]}


class Answering(Looked):
    """The draft stands in the field, where there is one: what is sent is what the field holds."""

    words = Words(
        label="Answer",
        max_length=LONGEST_WORDS,
        most_lines=0,
        widget=forms.Textarea(attrs={"rows": 14, "cols": 60}),
        help_text="It is mailed as it stands here. The customer's own words follow below it.",
        error_messages={"required": "Write an answer. Nothing was sent."},
    )
    reason = Text(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=NOTE),
        label="Note",
        help_text="For colleagues. May be empty.",
    )
    field_order = ("words", "reason", "version")

    def __init__(self, row: Message, data: QueryDict | None = None, **options: Any) -> None:
        draft = newest_draft(row)
        proposed = draft.words if draft is not None and draft.is_made and row.is_open else ""
        super().__init__(row, data, initial={"words": proposed}, **options)
        self.proposed = draft.words if draft is not None else ""

    def clean_words(self) -> str:
        """Not with what the draft has left to be looked up."""
        words: str = self.cleaned_data["words"]
        left = [one for one in TO_LOOK_UP.findall(even(self.proposed)) if one in even(words)]
        if left:
            msg = f"The draft has left this to you, and it still stands there: {left[0]}"
            raise ValidationError(msg)
        return words

    def terms(self) -> dict[str, Any]:
        """With what is sent."""
        return super().terms() | {"words": self.cleaned_data["words"]}

    def told(self, verb: str) -> str:
        """For the record."""
        return super().told(verb) if self.cleaned_data["reason"] else verb


def even(words: str) -> str:
    """On one line, as a form would keep it: a browser breaks lines otherwise than a service."""
    return " ".join(tidy(words).split())


class Wanting(Why):
    """Needs no reason."""

    reason = Text(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=NOTE),
        label="Note",
        help_text="For colleagues. May be empty.",
    )

    def told(self, verb: str) -> str:
        """For the record."""
        return super().told(verb) if self.cleaned_data["reason"] else verb


def may_decide(request: HttpRequest) -> bool:
    """Nobody edits a message: the permission says this."""
    return request.user.has_perm("contact.change_message")


DECISIONS = {
    "answer": Decision(
        verb="Answer",
        consequence="The answer is mailed once, as it stands in the field below.",
        done="is answered: the mail is on its way.",
        service=answering.answer_message,
        may=may_decide,
        allowed=lambda _: True,
        ask=Answering,
    ),
    "close": Decision(
        verb="Close without an answer",
        consequence="It waits no more. Whoever wrote it is not told.",
        done="is closed.",
        service=answering.close_message,
        may=may_decide,
        allowed=lambda message: message.is_open,
        ask=Looked,
    ),
    "draft": Decision(
        verb="Ask for another draft",
        consequence="The AI service is asked once more, which costs money. Nobody is sent what it "
        "says.",
        done="will have another draft in a minute or so.",
        service=answering.ask_for_draft,
        may=may_decide,
        allowed=lambda message: bool(settings.AI_URL) and message.is_open,
        ask=Wanting,
    ),
}
