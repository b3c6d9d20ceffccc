"""What an order is made of, as it was sold."""

from typing import ClassVar

from django.db import models

from orders.models.order import Order


class OrderLine(models.Model):
    """One product of an order, as it was sold. Where it comes from is the shop's to know."""

    class Kind(models.TextChoices):
        PRINT = "print"
        HOME = "home"
        TICKET = "ticket"
        DOWNLOAD = "download"

    CARRIED: ClassVar = (Kind.PRINT, Kind.HOME)

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    sku = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, blank=True)
    unit_cents = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    tax_basis_points = models.PositiveIntegerField()
    tax_cents = models.PositiveIntegerField()
    total_cents = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.title}"

    @property
    def is_shipped(self) -> bool:
        """Whether somebody brings it to an address. Tickets and downloads come from us, by mail."""
        return self.kind in self.CARRIED

    @property
    def has_numbers(self) -> bool:
        """Whether each piece is one of its own: a seat. Else they are alike."""
        return self.kind == self.Kind.TICKET

    @property
    def numbers(self) -> range:
        """Of its pieces: they count from 1."""
        return range(1, self.quantity + 1)
