"""What others tell us of, before anybody has asked whether it is so."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class IncomingNotice(models.Model):
    """What a sender told us of, once for each name that it gave: a hint to go and ask.

    Nothing in it is believed, so nothing else of it is kept: unless its source's notices say it all
    themselves, whose `content` is. See `inbox`.
    """

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=100)
    # The sender's name for it.
    about = models.CharField(max_length=100)
    content = models.JSONField(null=True)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="notice_once")
        ]
        indexes: ClassVar = [BrinIndex(fields=["received_at"], name="incoming_notice_received")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
