"""What staff decide about a review: that it is shown, with which photos, or that it is not."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from deferral.admin.kit.confirmations import Why
from deferral.admin.kit.decisions import Decision
from deferral.text.typed import Text
from media.models import Asset
from reviews import deciding
from reviews.models import LONGEST_REASON, Review


class Looked(Why):
    """With the version that was looked at: what is decided is what was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: Review, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(row, data, initial={"version": row.version}, **options)

    def terms(self) -> dict[str, Any]:
        """What the verb is told."""
        return super().terms() | {"version": self.cleaned_data["version"]}


class Refusing(Looked):
    """The reason is read by the review's author."""

    reason = Text(
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="Its author reads this, on their page and in a mail.",
        error_messages={"required": "Say why. Nothing was done."},
    )


class Showing(Looked):
    """Needs no reason. What is not made yet is not among what can be chosen; a film that the
    moderator refuses is not chosen unless somebody does.

    `offered` are those that the page shows: nobody has refused what they have not seen.
    """

    reason = Text(
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        label="Note",
        help_text="For colleagues. May be empty.",
    )
    photos = forms.MultipleChoiceField(
        required=False, label="Photos and film to show", widget=forms.CheckboxSelectMultiple
    )

    offered = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, row: Review, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(row, data, **options)
        seen = list(row.to_be_seen())
        tags = [(one.tag, one.name) for one in seen]
        self.fields["offered"].initial = [tag for tag, _ in tags]
        if not tags:
            del self.fields["photos"]
            return
        self.fields["photos"].choices = tags  # type: ignore[attr-defined]
        self.fields["photos"].initial = [
            one.tag for one in seen if one.moderated != Asset.Verdict.REFUSED
        ]

    def terms(self) -> dict[str, Any]:
        """With the photos that were to be seen, and those that go along."""
        photos = {name: self.cleaned_data.get(name) or [] for name in ("offered", "photos")}
        return super().terms() | photos

    def told(self, verb: str) -> str:
        """The decision in a line, for the record."""
        return super().told(verb) if self.cleaned_data["reason"] else verb


def may_decide(request: HttpRequest) -> bool:
    """Nobody edits a review: the permission says this."""
    return request.user.has_perm("reviews.change_review")


DECISIONS = {
    "show": Decision(
        verb="Show",
        consequence="Everybody can read it on the product's page from now on, and see the photos "
        "and the film that are chosen. Its author is told by mail.",
        done="can be seen by everybody.",
        service=deciding.show_review,
        may=may_decide,
        allowed=lambda review: review.state != Review.State.SHOWN,
        ask=Showing,
    ),
    "refuse": Decision(
        verb="Refuse",
        consequence="Nobody sees it, its photos or its film from now on. Its author is told by "
        "mail, with the reason.",
        done="is not shown.",
        service=deciding.refuse_review,
        may=may_decide,
        allowed=lambda review: review.state != Review.State.REFUSED,
        ask=Refusing,
    ),
}
