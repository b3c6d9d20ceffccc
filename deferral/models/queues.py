"""What markers say about each queue."""

from django.db import models


class Queue(models.Model):
    """What markers say about one queue: how long it is, and whether anybody serves it.

    A marker is named by the time it was sent. `seen` is the youngest that has arrived;
    `overdue_since` is the oldest that has not.
    """

    name = models.CharField(max_length=30, primary_key=True)
    sent = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)
    overdue_since = models.DateTimeField(null=True)
    wait = models.DurationField(null=True)

    def __str__(self) -> str:
        return self.name
