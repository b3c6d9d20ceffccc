"""What came through the broker and could not be read."""

from django.db import models
from django.db.models.functions import Now


class UnreadableMessages(models.Model):
    """How many messages of a queue nobody could read, ever, and what was wrong with the last."""

    queue = models.CharField(max_length=60, primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(db_default=Now())
    why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "deferral_unreadable"

    def __str__(self) -> str:
        return f"{self.queue}: {self.count}"
