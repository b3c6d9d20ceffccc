"""Which SMS were sent. Only this app writes this table."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class SentSms(models.Model):
    """An SMS as it was taken, written together with its job's `done`.

    `key` is the job's, `about` the ledger's subject, `name` what its taker calls it. Leaves after
    90 days, as its job does.
    """

    key = models.CharField(max_length=200, unique=True)
    about = models.CharField(max_length=100)
    number = models.CharField(max_length=16)
    text = models.CharField(max_length=400)
    segments = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "SMS"
        verbose_name_plural = "SMS"
        indexes: ClassVar = [
            models.Index(fields=["about"], name="sms_about"),
            BrinIndex(fields=["sent_at"], name="sms_sent"),  # written in that order
        ]

    def __str__(self) -> str:
        return self.text
