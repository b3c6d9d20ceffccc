"""Exports: rows of a list as one file, asked for by one of the staff."""

from typing import ClassVar

from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from media.models import StoredFile


class Export(models.Model):
    """What somebody asked for, and until when it is kept. How far it is, its job says.

    `filters` is the query of the list on the screen, `last_id` the youngest row at that moment:
    what comes later is not in it. `fingerprint` tells one request from another.
    """

    # Of the object that a request has made: it was not there before.
    is_new = False

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        CSV_GZ = "csv.gz", "CSV, compressed"
        XLSX = "xlsx", "Excel (XLSX)"
        PDF = "pdf", "PDF"

    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    dataset = models.CharField(max_length=20)
    format = models.CharField(max_length=6, choices=Format)
    columns = models.JSONField(default=list)
    filters = models.CharField(max_length=2_000, blank=True, db_default="")
    for_excel = models.BooleanField(default=False)
    # What the list's search found, which finds something else tomorrow.
    found = models.JSONField(null=True)
    last_id = models.BigIntegerField()
    fingerprint = models.CharField(max_length=64, editable=False)
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField(db_default=Now())
    rows = models.BigIntegerField(null=True)
    ready_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(F("fingerprint"), F("asked_at"), name="export_asked"),
            models.Index(F("asked_by"), F("id"), name="export_of"),
        ]
        permissions: ClassVar = [("see_all_exports", "Can see what others have exported")]

    def __str__(self) -> str:
        return self.filename

    @property
    def key(self) -> str:
        """Of its job, and of the file that comes of it."""
        return f"export:{self.tag}"

    @property
    def subject(self) -> str:
        """What the ledger calls it."""
        return self.key

    @property
    def filename(self) -> str:
        """What a browser saves it as."""
        return f"halyard-{self.dataset}-{self.asked_at:%Y-%m-%d}-{self.tag}.{self.format}"


class ExportFile(StoredFile):
    """A file of an export: a part, from which the whole is made, or the whole."""

    class Part(models.TextChoices):
        ROWS = "rows"
        PAGES = "pages"
        WHOLE = "whole"

    folder: ClassVar[str] = "exports"

    export = models.ForeignKey(Export, models.CASCADE, related_name="files")
    part = models.CharField(max_length=5, choices=Part)
    number = models.PositiveIntegerField(default=0)

    class Meta(StoredFile.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "part", "number"], name="part_of_an_export")
        ]
