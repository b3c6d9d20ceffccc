"""How much work there was, and what was let go because there was too much."""

from typing import ClassVar

from django.db import models
from django.db.models import F
from django.db.models.functions import Now


class LaneSample(models.Model):
    """How a lane was, every five seconds. See `pressure`. `load` and `oldest` are seconds.

    Leaves after a day.
    """

    id = models.BigAutoField(primary_key=True)
    lane = models.CharField(max_length=30)
    at = models.DateTimeField(db_default=Now())
    waiting = models.PositiveIntegerField()
    per_second = models.FloatField()
    oldest = models.FloatField()
    load = models.FloatField()
    level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(F("lane"), F("at").desc(), name="sample_lane")]

    def __str__(self) -> str:
        return f"{self.lane}: {self.load:.0f} s behind"


class Relief(models.Model):
    """What was let go because there was too much work: so many in one minute, of one lane.

    `shed` are jobs that were given up, `refused` requests that were sent away. Kept for 90 days.
    """

    lane = models.CharField(max_length=30)
    minute = models.DateTimeField()
    shed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["minute", "lane"], name="relief_of_a_minute")
        ]

    def __str__(self) -> str:
        return f"{self.lane}: {self.shed} shed, {self.refused} refused"
