"""Each attempt to be paid for an order."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from orders.models.order import Order


class PaymentAttempt(models.Model):
    """One try to be paid, written before the provider is called and settled afterwards.

    `key` is the idempotency key of the charge; `provider_ref` the provider's own name for it. What
    is sent under the key, `method` and `return_url`, is stored before, so that whoever sends it
    again sends the same. A held one was not begun: the provider's breaker is open, and the stock is
    kept for a while. At the bank since `bank_since`: its customer was asked there (3-D Secure).
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        HELD = "held"
        CAPTURED = "captured"
        FAILED = "failed"
        UNKNOWN = "unknown"
        AT_BANK = "at_bank", "at the bank"
        REFUNDED = "refunded"

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    provider_ref = models.CharField(max_length=100, blank=True)
    method = models.CharField(max_length=100, blank=True)
    return_url = models.CharField(max_length=300, blank=True, db_default="", editable=False)
    bank_since = models.DateTimeField(null=True, blank=True)
    card = models.CharField(max_length=40, blank=True)
    amount_cents = models.PositiveIntegerField()
    refunded_cents = models.PositiveIntegerField(db_default=0)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(F("provider_ref"), name="payment_ref", condition=~Q(provider_ref="")),
            models.Index(
                F("created_at"), name="payment_open", condition=Q(state__in=["requested", "held"])
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("amount_cents")), name="payment_not_overdrawn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.state}"
