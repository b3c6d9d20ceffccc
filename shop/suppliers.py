"""Telling each supplier what an order needs of it, and that it does not need it any more.

By what was reserved: products move from one supplier to another, and from one number to another;
what was ordered does not.
"""

from django.db.models import QuerySet

from deferral.inbox.receiving import keep
from orders.models import Order, Refund
from orders.payments.refunds.sums import kept_by_customer
from orders.selectors import refund_by_id
from orders.shipments import expecting
from orders.shipments.reading import read_answer
from orders.suppliers import tells_of_parts
from shop import gateway
from shop.gateway import Quantity
from shop.models import Reservation
from shop.stock import left_of
from shop.supplier_notices import SOURCES


def suppliers_of(order_id: int) -> list[str]:
    """The systems that have something of this order, each once, in a fixed order."""
    kept = Reservation.objects.filter(order_id=order_id).exclude(supplier="")
    return list(kept.values_list("supplier", flat=True).distinct().order_by("supplier"))


def reserve(*, supplier: str, order_id: int, key: str) -> None:
    """Have the supplier set aside its part of the order. Safe to repeat: it knows the key.

    From then on one that has something to carry owes news of it.
    """
    order = Order.objects.get(pk=order_id)
    gateway.reserve(supplier, order=order, lines=part_of(supplier, order_id), key=key)
    if supplier in SOURCES:
        expecting.expect(order_id=order_id, supplier=supplier)


def inquire(*, supplier: str, order_id: int, key: str) -> None:
    """Ask the supplier how its part of the order stands. Safe to repeat.

    What it answers is taken in as if it had told it; what of it is no notice is left out.
    """
    order = Order.objects.get(pk=order_id)
    source = SOURCES[supplier]
    found = gateway.shipments_of(supplier, order=order, key=key)
    notices = [read_answer(one, about=order.reference) for one in found]
    for notice in filter(None, notices):
        keep(source, notice)
    if any(notices):
        expecting.answered(order_id=order_id, supplier=supplier)


def release(*, supplier: str, order_id: int, key: str, refund_id: int | None = None) -> None:
    """Have the supplier put back all that it still holds for the order, or what a refund was for.

    Safe to repeat: it knows the key. Nothing is said where nothing is left.
    """
    order = Order.objects.get(pk=order_id)
    refund = refund_by_id(refund_id) if refund_id else None
    lines = part_of_refund(supplier, refund) if refund else rest_of(supplier, order_id)
    if lines:
        part = refund.name if refund else ""
        gateway.release(supplier, order=order, lines=lines, key=key, part=part)


def suppliers_of_refund(refund: Refund) -> list[str]:
    """The systems that are to put something of this refund back."""
    order_id = refund.payment.order_id
    return [one for one in suppliers_of(order_id) if part_of_refund(one, refund)]


def part_of_refund(supplier: str, refund: Refund) -> list[Quantity]:
    """What of one supplier's a refund was for and is sold again."""
    its_own = {one.sku for one in part_of(supplier, refund.payment.order_id)}
    lines = refund.lines.filter(to_stock=True, line__sku__in=its_own).order_by("line__sku")
    rows = lines.values_list("line__sku", "quantity")
    return [Quantity(sku=sku, quantity=quantity) for sku, quantity in rows]


def rest_of(supplier: str, order_id: int) -> list[Quantity]:
    """What the supplier puts back with the whole order: without what refunds of a part took."""
    away = kept_by_customer(order_id)
    kept = _kept(supplier, order_id)
    found = [Quantity(sku=one.number, quantity=left_of(one, away)) for one in kept]
    return [one for one in found if one.quantity]


@tells_of_parts
def parts_of(order_id: int) -> dict[str, dict[str, int]]:
    """By supplier and article number. One query."""
    rows = Reservation.objects.filter(order_id=order_id).exclude(supplier="")
    found: dict[str, dict[str, int]] = {}
    for one in rows.select_related("product"):
        found.setdefault(one.supplier, {})[one.number] = one.quantity
    return found


def part_of(supplier: str, order_id: int) -> list[Quantity]:
    """What the order needs of one supplier, whether it is still held here or not."""
    kept = _kept(supplier, order_id)
    return [Quantity(sku=one.number, quantity=one.quantity) for one in kept]


def _kept(supplier: str, order_id: int) -> QuerySet[Reservation]:
    kept = Reservation.objects.filter(order_id=order_id, supplier=supplier)
    return kept.select_related("product").order_by("product__sku")
