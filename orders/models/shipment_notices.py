"""What was said of parcels, by suppliers and by staff."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models.order import Order
from orders.models.shipments import Shipment


class ShipmentNotice(models.Model):
    """One thing that was said of a parcel; its row is made of all that are not `refused`.

    `name` is the supplier's for the notice; a correction of staff has `by`, and one of ours.
    `misfit` is what was wrong with it, in words: staff see it until one of them has seen to it.
    `lines` are pieces by article number; None where it says nothing of them.
    """

    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="shipment_notices")
    # As the supplier called it.
    order_ref = models.CharField(max_length=100)
    supplier = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    shipment = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=Shipment.State)
    said_at = models.DateTimeField()
    lines = models.JSONField(null=True)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    tracking_url = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    refused = models.BooleanField(default=False)
    misfit = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplier", "name"], name="shipment_notice_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"],
                name="shipment_misfit",
                condition=Q(seen_at__isnull=True) & ~Q(misfit=""),
            ),
            models.Index(fields=["order_ref"], name="shipment_notice_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.shipment} of {self.order_ref}"

    @property
    def subject(self) -> str:
        """What the ledger calls what it is about; nothing where that is no order of ours."""
        return self.order.subject if self.order else ""

    @property
    def says_tracking(self) -> bool:
        """Whether it says how the parcel is followed. A correction says it, also by leaving it."""
        return bool(self.by or self.tracking_number or self.tracking_url)
