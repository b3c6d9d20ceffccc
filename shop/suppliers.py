"""Telling each supplier what an order needs of it, and that it does not need it any more.

By what was reserved: products move from one supplier to another, what was ordered does not.
"""

from django.db.models.functions import Coalesce

from orders.models import Order
from shop import gateway
from shop.gateway import Quantity
from shop.models import Reservation

# Who is told about a reservation.
TOLD = Coalesce("supplier", "product__supplier")


def suppliers_of(order_id: int) -> list[str]:
    """The systems that have something of this order, each once, in a fixed order."""
    kept = Reservation.objects.filter(order_id=order_id).annotate(told=TOLD).exclude(told="")
    return list(kept.values_list("told", flat=True).distinct().order_by("told"))


def reserve(*, supplier: str, order_id: int, key: str) -> None:
    """Have the supplier set aside its part of the order. Safe to repeat: it knows the key."""
    order = Order.objects.get(pk=order_id)
    gateway.reserve(supplier, order=order, lines=part_of(supplier, order_id), key=key)


def release(*, supplier: str, order_id: int, key: str) -> None:
    """Have the supplier put its part back. Safe to repeat: it knows the key."""
    order = Order.objects.get(pk=order_id)
    gateway.release(supplier, order=order, lines=part_of(supplier, order_id), key=key)


def part_of(supplier: str, order_id: int) -> list[Quantity]:
    """What the order needs of one supplier, whether it is still held here or not."""
    kept = Reservation.objects.filter(order_id=order_id).annotate(told=TOLD).filter(told=supplier)
    rows = kept.order_by("product__sku").values_list("product__sku", "quantity")
    return [Quantity(sku=sku, quantity=quantity) for sku, quantity in rows]
