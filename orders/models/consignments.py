"""What suppliers owe: news of their part of an order."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models.order import Order


class Consignment(models.Model):
    """One supplier's part of one order, from when it took it on until all of it has arrived.

    `ask_at`: it is asked unless it has said something by then; None once nothing is to be expected.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="consignments")
    supplier = models.CharField(max_length=20)
    ask_at = models.DateTimeField(null=True, blank=True)
    # When it last said something, by itself or asked.
    news_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    times_asked = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "supplier"], name="consignment_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ask_at"], name="consignment_open", condition=Q(ask_at__isnull=False)
            ),
            models.Index(
                fields=["asked_at"],
                name="consignment_asked",
                condition=Q(ask_at__isnull=False, asked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} of {self.order}"

    @property
    def subject(self) -> str:
        """What the ledger calls what it is about."""
        return self.order.subject
