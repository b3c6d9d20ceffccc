"""What is wrong with a notice that is well signed and well formed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from orders.models import Order, ShipmentNotice
from orders.suppliers import part_of

# What a supplier's clock may differ from ours.
CLOCKS = timedelta(hours=1)
UNKNOWN = "No order of ours is called so."
FUTURE = "It is dated in the future."
BEFORE = "It is dated before the order."
# So many parcels one supplier has for one order, and so many notices of them are believed.
MOST_PARCELS, MOST_NOTICES = 100, 1_000
TOO_MANY = f"It is one parcel more than {MOST_PARCELS}."
TOO_MUCH = f"It is one notice more than {MOST_NOTICES}."
NOTHING = "Nothing of this order is this supplier's to send."


def misfit_of(
    order: Order | None, supplier: str, content: Mapping[str, Any], received_at: datetime
) -> str:
    """Why it is not obeyed; empty when it is. The order is locked by the caller."""
    if order is None:
        return UNKNOWN
    if order.state != Order.State.PAID:
        return f"The order is {order.get_state_display()}."
    said_at = datetime.fromisoformat(content["said_at"])
    if said_at > received_at + CLOCKS:
        return FUTURE
    if said_at < order.created_at - CLOCKS:
        return BEFORE
    wrong = not_its_own(carried_part(order, supplier), content["lines"])
    return wrong or one_too_many(order, supplier, content["shipment"])


def carried_part(order: Order, supplier: str) -> dict[str, int]:
    """What this supplier brings to the customer, by article number."""
    carried = {line.sku for line in order.lines.all() if line.is_shipped}
    return {sku: count for sku, count in part_of(order.pk, supplier).items() if sku in carried}


def not_its_own(part: Mapping[str, int], lines: Mapping[str, int]) -> str:
    """What of these lines it may not send."""
    if not part:
        return NOTHING
    for sku, quantity in sorted(lines.items()):
        if sku not in part:
            return f"{sku} of this order is not this supplier's to send."
        if quantity > part[sku]:
            return f"{quantity} x {sku} is more than the {part[sku]} that were ordered."
    return ""


def one_too_many(order: Order, supplier: str, shipment: str) -> str:
    """Beyond a bound, whoever was first is believed: here alone the order of notices counts."""
    told = ShipmentNotice.objects.filter(order=order, supplier=supplier, refused=False, by="")
    found = told.aggregate(
        notices=Count("pk"),
        parcels=Count("shipment", distinct=True),
        of_this=Count("pk", filter=Q(shipment=shipment)),
    )
    if found["notices"] >= MOST_NOTICES:
        return TOO_MUCH
    return TOO_MANY if not found["of_this"] and found["parcels"] >= MOST_PARCELS else ""
