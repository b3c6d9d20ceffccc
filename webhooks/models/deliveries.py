"""What was sent to an endpoint, and what came of each attempt."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from webhooks.models.endpoints import Endpoint


class Delivery(models.Model):
    """One webhook to one endpoint. Leaves after 90 days, as its jobs do.

    `webhook_id` is the key of its first job, and what the receiver knows a repeat by. `body` is the
    exact text of every attempt, frozen before the first.
    """

    webhook_id = models.CharField(max_length=200, unique=True)
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="deliveries")
    type = models.CharField(max_length=40)
    subject = models.CharField(max_length=100)
    body = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(F("subject"), name="delivery_subject"),
            models.Index(F("endpoint"), F("id"), name="delivery_endpoint"),
            models.Index(
                F("endpoint"),
                F("delivered_at"),
                name="delivery_delivered",
                condition=Q(delivered_at__isnull=False),
            ),
            models.Index(F("id"), name="delivery_open", condition=Q(delivered_at__isnull=True)),
            BrinIndex(fields=["created_at"], name="delivery_created"),  # written in that order
        ]

    def __str__(self) -> str:
        return self.webhook_id


class DeliveryAttempt(models.Model):
    """One POST: what came back and how long it took. `status` is empty where nobody answered.

    `response` is the beginning of the answer, redacted; `error` says why there was none.
    """

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField(db_default=Now())
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    response = models.CharField(max_length=1_024, blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.status or self.error}"

    @property
    def is_good(self) -> bool:
        """2xx, and nothing else."""
        return self.status is not None and 200 <= self.status < 300
