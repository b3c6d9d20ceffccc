"""The workers whose main processes live, or lived lately."""

from django.db import models
from django.db.models.functions import Now


class Worker(models.Model):
    """A worker's main process. It holds an advisory lock on its id for as long as it lives."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField(db_default=Now())
    # Its last sign of life, some five seconds old at most while all is well: see `signs`.
    seen_at = models.DateTimeField(db_default=Now())
    stopping_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
