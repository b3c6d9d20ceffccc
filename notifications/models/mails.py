"""What was sent. Only this app writes this table."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class SentMail(models.Model):
    """A mail as the server accepted it, written together with its job's `done`.

    `key` is the job's, `about` the ledger's subject (`order:H-10482`). Attachments are named with
    their sizes: the documents themselves are in storage. Leaves after 90 days, as its job does.
    """

    key = models.CharField(max_length=200, unique=True)
    about = models.CharField(max_length=100)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    attachments = models.JSONField(default=list)
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["about"], name="mail_about"),
            models.Index(fields=["to"], name="mail_to"),
            BrinIndex(fields=["sent_at"], name="mail_sent"),  # written in that order
        ]

    def __str__(self) -> str:
        return self.subject
