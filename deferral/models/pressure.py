"""How much work there was, and what was let go because there was too much."""

from typing import ClassVar

from django.db import models
from django.db.models import F
from django.db.models.functions import Now


class QueueSample(models.Model):
    """How a queue was, every five seconds. See `pressure`. `load` and `oldest` are seconds.

    Leaves after a day.
    """

    id = models.BigAutoField(primary_key=True)
    queue = models.CharField(max_length=30)
    at = models.DateTimeField(db_default=Now())
    waiting = models.PositiveIntegerField()
    per_second = models.FloatField()
    oldest = models.FloatField()
    load = models.FloatField()
    level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(F("queue"), F("at").desc(), name="sample_queue")]

    def __str__(self) -> str:
        return f"{self.queue}: {self.load:.0f} s behind"


class Shedding(models.Model):
    """What was let go because there was too much work: so many in one minute, of one queue.

    `shed` are jobs that were given up, `refused` requests that were sent away. Kept for 90 days.
    """

    queue = models.CharField(max_length=30)
    minute = models.DateTimeField()
    shed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["minute", "queue"], name="shedding_of_a_minute")
        ]

    def __str__(self) -> str:
        return f"{self.queue}: {self.shed} shed, {self.refused} refused"
