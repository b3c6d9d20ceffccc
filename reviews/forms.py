"""What a customer says of what they bought."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from deferral.text.typed import Line, Words
from media.accepting import look
from media.errors import NotAccepted
from media.models import Asset
from media.services import tidy_name
from reviews.errors import TooManyPhotos
from reviews.models import LONGEST_NAME, LONGEST_WORDS, MOST_PHOTOS, NAMELESS, Review, ReviewFile
from reviews.writing import Said

STARS = (
    (5, "★★★★★ Very good"),
    (4, "★★★★☆ Good"),
    (3, "★★★☆☆ Fair"),
    (2, "★★☆☆☆ Poor"),
    (1, "★☆☆☆☆ Bad"),
)
ACCEPTED = "image/jpeg,image/png,image/webp,image/avif"


class ManyFiles(forms.FileInput):
    """A field from which several files may be sent."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All of them; none where nothing was chosen."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])


class Photos(forms.Field):
    """Pictures that we take, each looked at before anything is kept."""

    widget = ManyFiles(attrs={"accept": ACCEPTED, "multiple": True})

    def clean(self, value: Any) -> list[UploadedFile[Any]]:
        """ValidationError names the file, and says what is wrong with it."""
        sent = list(value or ())
        if len(sent) > MOST_PHOTOS:
            raise ValidationError(str(TooManyPhotos()))
        refused = [*filter(None, map(_refusal_of, sent))]
        if refused:
            raise ValidationError(refused)
        return sent


def _refusal_of(file: UploadedFile[Any]) -> str:
    try:
        look(file, [Asset.Kind.PICTURE])
    except NotAccepted as error:
        return f"{tidy_name(file.name or '')}: {error}"
    return ""


class ReviewForm(forms.Form):
    """`files`: the photos that it has already, each of which may be dropped."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    stars = forms.TypedChoiceField(
        label="Your stars", choices=STARS, coerce=int, widget=forms.RadioSelect
    )
    words = Words(
        label="Your review",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea({"rows": 7}),
        help_text=f"What is it like? At most {LONGEST_WORDS:,} letters.",
    )
    name = Line(
        label="Shown as",
        max_length=LONGEST_NAME,
        required=False,
        help_text=f"Everybody reads this name. Leave it empty for “{NAMELESS}”.",
    )
    dropped = forms.MultipleChoiceField(
        label="Take away", required=False, widget=forms.CheckboxSelectMultiple
    )
    photos = Photos(
        label="Photos",
        required=False,
        help_text=f"At most {MOST_PHOTOS}: JPEG, PNG, WebP or AVIF. Where and with what they were "
        "taken is not shown.",
    )

    def __init__(self, *args: Any, files: Sequence[ReviewFile] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dropped"].choices = [(one.asset.tag, str(one)) for one in files]  # type: ignore[attr-defined]
        if not files:
            del self.fields["dropped"]
        self._has = len(files)

    def clean(self) -> dict[str, Any]:
        """With no more photos than a review may have, those that stay among them."""
        sent = super().clean() or self.cleaned_data
        stay = self._has - len(sent.get("dropped", ()))
        if stay + len(sent.get("photos", ())) > MOST_PHOTOS:
            self.add_error("photos", str(TooManyPhotos()))
        return sent

    def said(self) -> Said:
        """Once it is valid."""
        sent = self.cleaned_data
        return Said(
            stars=sent["stars"],
            words=sent["words"],
            name=sent["name"],
            dropped=frozenset(sent.get("dropped", ())),
        )


def as_written(review: Review | None, name: str) -> dict[str, Any]:
    """What the form begins with. `name` is the customer's, of whom the first word is proposed."""
    if review is None:
        return {"name": name.partition(" ")[0][:LONGEST_NAME]}
    return {"stars": review.stars, "words": review.words, "name": review.name}
