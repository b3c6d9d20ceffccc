"""How often each address has asked for something."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class RateLimit(models.Model):
    """How often somebody has asked for something since `began`. See `rate_limits`."""

    key = models.CharField(max_length=200, primary_key=True)
    began = models.DateTimeField(db_default=Now())
    spent = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["began"], name="rate_limit_began")]

    def __str__(self) -> str:
        return self.key
