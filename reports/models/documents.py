"""Documents and tickets."""

from typing import ClassVar

from django.db import models

from media.models import StoredFile
from orders.models import Order, OrderLine
from orders.payments.refunds.sums import back_of

BULLET = "\N{BULLET}"


class Document(StoredFile):
    """A file we wrote about an order: small enough to be read whole."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt"
        TICKET = "ticket"

    folder = "documents"

    order = models.ForeignKey(Order, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=260)
    filename = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.filename


class Ticket(models.Model):
    """One seat. It lets one person in once, while its order is paid and its money is not back.

    Void it is from the decision to give its money back on; should the provider refuse, it is valid.
    """

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="tickets")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=24, unique=True)
    holder = models.CharField(max_length=200)
    used_at = models.DateTimeField(null=True, blank=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="ticket")

    class Meta:
        ordering: ClassVar = ["-line_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "position"], name="ticket_of_a_line")
        ]

    def __str__(self) -> str:
        """Not its code, which lets in whoever has it."""
        return f"{self.holder}, {self.position}"

    @property
    def masked(self) -> str:
        """As much of the code as tells two apart."""
        return f"{self.code[:4]}{8 * BULLET}"

    @property
    def validity(self) -> str:
        """What it is worth at the door: valid, used, void with its order, or void by a refund."""
        if self.line.order.state != Order.State.PAID:
            return "void"
        if back_of(self.line.order_id).voids(self.line, self.position):
            return "refunded"
        return "used" if self.used_at else "valid"

    @property
    def initials(self) -> str:
        """As much of the holder as anybody with the code may see."""
        return " ".join(f"{word[0].upper()}." for word in self.holder.split()[:3])
