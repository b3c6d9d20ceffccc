"""What each order holds of what is sold."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from shop.models.products import Product


class Reservation(models.Model):
    """What one order holds of one product. Written with the order, in its transaction.

    held -> committed (paid for) -> released (cancelled); held -> released (never paid).
    Only a row that is not yet released gives anything back, and it does so once. `supplier` is the
    product's at that moment: who was told to set something aside is told to put it back. So it
    is with `sku`, by which the order's line and the supplier know it: see `number`.
    """

    class State(models.TextChoices):
        HELD = "held"
        COMMITTED = "committed"
        RELEASED = "released"

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="reservations")
    product = models.ForeignKey(Product, models.PROTECT, related_name="reservations")
    supplier = models.CharField(max_length=20, choices=Product.Supplier, blank=True)
    # "" in rows of 0.2.0: the number that the product still has.
    sku = models.CharField(max_length=40, blank=True, db_default="")
    quantity = models.PositiveIntegerField()
    # Given back by refunds of a part, while the order stayed paid; and by which, each once.
    returned = models.PositiveIntegerField(db_default=0)
    returned_for = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "product"], name="reserved_once")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id} {self.state}"

    @property
    def number(self) -> str:
        """By which it was ordered: its product may have another by now. Of an old row a query."""
        return self.sku or self.product.sku
