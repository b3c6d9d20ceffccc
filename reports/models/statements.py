"""Statements: what happened between the shop and each customer in a month, and the month's sums."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from media.models import StoredFile


class StatementRun(models.Model):
    """One month: from `since`, in it, to `until`, no longer in it.

    `month` is its first day. `totals` are the sums of all its statements, once those are frozen:
    see `statements.content`. `told_at` is when the bookkeeper was told, `missing` how many
    statements could not be written then; 0 again once all are.
    """

    month = models.DateField(unique=True)
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    since = models.DateTimeField()
    until = models.DateTimeField()
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField(db_default=Now())
    totals = models.JSONField(null=True)
    frozen_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    missing = models.PositiveIntegerField(db_default=0)

    class Meta:
        verbose_name = "month of statements"
        verbose_name_plural = "months of statements"
        ordering: ClassVar = ["-month"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """`2026-11`."""
        return month_name(self.month)

    @property
    def key(self) -> str:
        """Of the job that makes it, and of the file with its sums."""
        return f"statements:{self.name}:{self.tag}"

    @property
    def subject(self) -> str:
        """What the ledger calls it, and each statement's job."""
        return f"statements:{self.name}"


class Statement(models.Model):
    """One customer's month. `customer` is the address of the orders, in small letters.

    `content`, its figures, is frozen when the row is written: what is paid back later belongs to a
    later month.
    """

    run = models.ForeignKey(StatementRun, models.PROTECT, related_name="statements")
    # Small letters may be more than the address had.
    customer = models.CharField(max_length=508)
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    content = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "customer"], name="statement_of_a_customer")
        ]
        indexes: ClassVar = [models.Index(F("customer"), F("id"), name="statement_customer")]

    def __str__(self) -> str:
        return f"{self.run}: {self.customer}"

    @property
    def key(self) -> str:
        """Of the job that writes it, and of its file."""
        return f"statement:{self.run.name}:{self.tag}"


class StatementFile(StoredFile):
    """The PDF of a statement; without one, that of the month's sums."""

    folder: ClassVar[str] = "statements"

    run = models.ForeignKey(StatementRun, models.PROTECT, related_name="files")
    statement = models.OneToOneField(Statement, models.PROTECT, null=True, related_name="file")

    class Meta(StoredFile.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run"], condition=Q(statement=None), name="sums_of_a_run"
            )
        ]

    @property
    def filename(self) -> str:
        """What a browser saves it as."""
        which = f"statement-{self.statement.tag}" if self.statement else "sums"
        return f"Halyard-{self.run.name}-{which}.pdf"


def month_name(month: date) -> str:
    """`2026-11`."""
    return f"{month:%Y-%m}"
