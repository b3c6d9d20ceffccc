"""A large file on its way to us: how much of it is here, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from media.models.assets import LONGEST_NAME, Asset


class Upload(models.Model):
    """One file of one person, for one purpose and what that is about (`subject`).

    `received` bytes of `size` are here, and `crc` is the CRC-32 of those: a sender whose file says
    otherwise has another file. So has one whose `fingerprint` is another (`uploads.fingerprints`);
    "" where its page has sent none. `place` is where it goes: into a bucket it goes past us, and
    `received` stays 0 until it is there. `said` is why it was refused.
    """

    class State(models.TextChoices):
        """Open takes parts; whole is looked at by a job; the others are over."""

        OPEN = "open", "on its way"
        WHOLE = "whole", "being looked at"
        DONE = "done"
        REFUSED = "refused"
        CANCELLED = "cancelled"

    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=100)
    name = models.CharField(max_length=LONGEST_NAME)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    crc = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(max_length=16, default="", db_default="", blank=True)
    place = models.CharField(max_length=20)
    uploaded_by = models.CharField(max_length=254)
    begun_at = models.DateTimeField(db_default=Now())
    moved_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    said = models.CharField(max_length=500, default="", blank=True)
    asset = models.ForeignKey(Asset, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            # Two tabs that begin with the same file go on with one upload, and so does whoever
            # sends it again while it is looked at.
            models.UniqueConstraint(
                fields=["uploaded_by", "purpose", "subject", "name", "size"],
                condition=models.Q(state__in=["open", "whole"]),
                name="upload_begun_once",
            ),
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size"), size__gt=0),
                name="upload_within_its_size",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["moved_at"], name="upload_moved_at")]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """What the ledger calls it."""
        return f"upload:{self.tag}"

    @property
    def key(self) -> str:
        """Of the job that looks at it once it is whole."""
        return self.key_of(self.tag)

    @staticmethod
    def key_of(tag: str) -> str:
        """The same of a tag alone."""
        return f"finish_upload:{tag}"
