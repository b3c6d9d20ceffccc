"""Parcels as their customer is shown them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from orders.models import Consignment, Order, OrderLine, Shipment
from orders.payments.refunds.sums import Back
from orders.shipments.remaining import remaining


@dataclass(frozen=True, kw_only=True, slots=True)
class ToCome:
    """So many pieces of one line that are still to be sent."""

    line: OrderLine
    quantity: int

    def __str__(self) -> str:
        return f"{self.quantity} x {self.line.title}"


def shipments_of(order_id: int) -> list[Shipment]:
    """Those that its customer may see, with what is in them: three queries."""
    shown = Shipment.objects.filter(order=order_id, excess=False)
    return list(shown.prefetch_related("lines__line"))


def consignments_of(order_id: int) -> list[Consignment]:
    """Its suppliers' parts, once they have taken them on. There is one wherever a parcel is."""
    return list(Consignment.objects.filter(order=order_id))


def to_come(order: Order, shipments: Iterable[Shipment], back: Back) -> list[ToCome]:
    """What of its goods is in none of these parcels, and is the customer's still."""
    left = remaining(order, shipments, back)
    found = [
        ToCome(line=line, quantity=left[line.pk]) for line in order.lines.all() if line.is_shipped
    ]
    return [one for one in found if one.quantity > 0]


def troubled() -> QuerySet[Shipment]:
    """Those that somebody of us has to see to."""
    wrong = Q(state__in=Shipment.TROUBLED) | Q(excess=True)
    return Shipment.objects.filter(wrong).exclude(seen_as=F("state"))
