"""What is carried to a customer: parcels, and what is in them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from orders.models.lines import OrderLine
from orders.models.order import Order


class Shipment(models.Model):
    """One parcel of one supplier, as its notices and staff's corrections make it.

    announced   the supplier has taken it on      packed       it waits for its carrier
    refused     it will not be sent               on its way   the carrier has it
    lost        the carrier does not find it      delivered    the customer has it
    returned    the carrier brought it back to its sender

    The row is made anew from all that was said of it (`orders.shipments`): nobody moves it by hand.
    `excess`: with it more would be sent than was ordered, or a piece too often. Staff see it, its
    customer does not.
    `seen_as` is the state that staff have seen to, where it was one that needs them.
    """

    class State(models.TextChoices):
        ANNOUNCED = "announced", "announced"
        PACKED = "packed", "packed"
        REFUSED = "refused", "refused"
        ON_ITS_WAY = "on_its_way", "on its way"
        LOST = "lost", "lost"
        DELIVERED = "delivered", "delivered"
        RETURNED = "returned", "returned to sender"

    # It had left its sender.
    SENT: ClassVar = (State.ON_ITS_WAY, State.LOST, State.DELIVERED, State.RETURNED)
    # It will come to the customer, or has come.
    COMING: ClassVar = (State.ON_ITS_WAY, State.DELIVERED)
    # Its goods are the customer's, or about to be.
    HOLDING: ClassVar = (State.ANNOUNCED, State.PACKED, State.ON_ITS_WAY, State.DELIVERED)
    # Somebody of us has to find the customer something else.
    TROUBLED: ClassVar = (State.REFUSED, State.LOST, State.RETURNED)
    # Its supplier has nothing more to say.
    OVER: ClassVar = (*TROUBLED, State.DELIVERED)

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    supplier = models.CharField(max_length=20)
    # The supplier's.
    name = models.CharField(max_length=60)
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    state = models.CharField(max_length=10, choices=State)
    # When it came to be so, as its supplier says.
    since = models.DateTimeField()
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    tracking_url = models.CharField(max_length=500, blank=True)
    excess = models.BooleanField(default=False)
    # Of staff, whose correction holds.
    corrected_by = models.CharField(max_length=254, blank=True)
    seen_as = models.CharField(max_length=10, blank=True)
    # When it was announced that it had been sent: once.
    told_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "supplier", "name"], name="shipment_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["seen_as"],
                name="shipment_troubled",
                condition=Q(state__in=["refused", "lost", "returned"]) | Q(excess=True),
            ),
            models.Index(fields=["tracking_number"], name="shipment_tracking"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.order}"

    @property
    def key(self) -> str:
        """`H-10482-7kq2m9xv:x2m9c0va`: its order's reference, and its own tag. In names of jobs."""
        return f"{self.order.reference}:{self.tag}"

    @property
    def subject(self) -> str:
        """What the ledger calls what it is about."""
        return self.order.subject

    @property
    def is_sent(self) -> bool:
        """Whether it had left its sender."""
        return self.state in self.SENT

    @property
    def needs_staff(self) -> bool:
        """Whether somebody has to see to it, and nobody has."""
        return (self.excess or self.state in self.TROUBLED) and self.seen_as != self.state


class ShipmentLine(models.Model):
    """So many pieces of one line are in a parcel."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="shipped")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["line_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_names_a_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_of_some"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.line.title}"
