"""What a person has uploaded, and what is made of it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from media.limits import LONGEST
from media.models.files import StoredFile

LONGEST_NAME = 100
# Few rows, whatever was uploaded in all these years: nobody is told of an import.
UNTOLD = models.Q(told_with="") & ~models.Q(uploaded_by="")
UNDECIDED = models.Q(verdict="review")
# A picture of 16 px as a data URI has some 90 letters.
LONGEST_PLACEHOLDER = 1_000


class Asset(StoredFile):
    """A picture or a film as it came. The file is never handed out: what is made of it is.

    `format` is what its first bytes say, `name` what the person called it. `width` and `height` are
    those that are seen, once it is turned; 0 of a film that nobody has probed. `placeholder` and
    `colour` stand in a page until there is more; "" where they are not known yet. `told_with` is
    the key of the mail that tells whoever uploaded it. How far the work
    is, and what of it failed, the jobs of its `subject` say. A film may have `longest` seconds.
    `moderated` is what the moderator has said of it, `verdict` what counts: a person's word, or the
    moderator's where nobody else decides.
    """

    class Kind(models.TextChoices):
        PICTURE = "picture"
        FILM = "film"

    class Verdict(models.TextChoices):
        """What may be shown: only what is ok is public."""

        UNSEEN = "", "nobody has looked yet"
        OK = "ok"
        REVIEW = "review"
        REFUSED = "refused"

    folder: ClassVar[str] = "originals"
    from_outside: ClassVar[bool] = True

    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    kind = models.CharField(max_length=7, choices=Kind)
    format = models.CharField(max_length=10)
    name = models.CharField(max_length=LONGEST_NAME)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(null=True)
    longest = models.PositiveSmallIntegerField(default=LONGEST, db_default=LONGEST)
    placeholder = models.CharField(max_length=LONGEST_PLACEHOLDER, default="", blank=True)
    colour = models.CharField(max_length=7, default="", blank=True)
    verdict = models.CharField(max_length=7, choices=Verdict, default=Verdict.UNSEEN, blank=True)
    moderated = models.CharField(
        max_length=7, choices=Verdict, default=Verdict.UNSEEN, db_default="", blank=True
    )
    uploaded_by = models.CharField(max_length=254, default="", blank=True)
    uploaded_at = models.DateTimeField(db_default=Now())
    told_with = models.CharField(max_length=200, default="", blank=True, editable=False)

    class Meta(StoredFile.Meta):
        indexes: ClassVar = [
            *StoredFile.Meta.indexes,
            # Of whoever has just been sent a mail, and of whoever is sent one again.
            models.Index(fields=["uploaded_by", "kind"], condition=UNTOLD, name="asset_untold"),
            models.Index(
                fields=["told_with"], condition=~models.Q(told_with=""), name="asset_told_with"
            ),
            # The first page counts them.
            models.Index(fields=["id"], condition=UNDECIDED, name="asset_undecided"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """What the ledger calls it, and each job about it. Its `key` is the same."""
        return subject_of(self.tag)


class Variant(StoredFile):
    """A file made of an asset, to be handed out: no name, no place and no camera is in it.

    `measure` is what was asked for: a picture's width, a rendition's shorter side, a still's
    second; `size`, as of every file, its bytes.
    `width` and `height` are what came of it: nothing is made larger than it was.
    """

    class Kind(models.TextChoices):
        PICTURE = "picture"
        RENDITION = "rendition"
        STILL = "still"
        POSTER = "poster"

    folder: ClassVar[str] = "media"

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="variants")
    kind = models.CharField(max_length=9, choices=Kind)
    measure = models.PositiveIntegerField()
    format = models.CharField(max_length=4)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta(StoredFile.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asset", "kind", "measure", "format"], name="variant_of_an_asset"
            )
        ]


def subject_of(tag: str) -> str:
    """`asset:7kq2m9xv`."""
    return f"asset:{tag}"


def variant_key(tag: str, kind: str, measure: int | str, format: str) -> str:  # noqa: A002 - its word
    """`picture:7kq2m9xv:640-webp`: the name of one variant for ever."""
    return f"{kind}:{tag}:{measure}-{format}"
