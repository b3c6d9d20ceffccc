"""What came of comparing a day of our books with the provider's."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag


class Reconciliation(models.Model):
    """One day of our books beside the provider's, both ways. Sums are of captured cents."""

    day = models.DateField(unique=True)
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    ran_at = models.DateTimeField(db_default=Now())
    ours = models.PositiveIntegerField()
    theirs = models.PositiveIntegerField()
    ours_cents = models.PositiveBigIntegerField()
    theirs_cents = models.PositiveBigIntegerField()
    findings = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
