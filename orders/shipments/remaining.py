"""What of an order's pieces is in none of some parcels, and was not given back instead."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from orders.models import Order, RefundLine, Shipment, ShipmentLine
from orders.payments.refunds.sums import Back, void_lines


def remaining(order: Order, shipments: Iterable[Shipment], back: Back) -> Counter[int]:
    """By line, how many; below nothing where more was sent. No query of its own without refunds.

    A refund lessens only what no ended parcel held by then: of money for what was lost, or was
    delivered and stays where it is, nothing else is the less to be sent. What came back as a return
    had been delivered. Goods that are sold again without one had not been: they are still here, or
    here again.
    """
    left = Counter({line.pk: line.quantity for line in order.lines.all()})
    ended: dict[int, list[ShipmentLine]] = defaultdict(list)
    for shipment in sorted(shipments, key=lambda one: one.state not in Shipment.TROUBLED):
        for row in shipment.lines.all():
            left[row.line_id] -= row.quantity
            if shipment.state in Shipment.OVER:
                row.shipment = shipment
                ended[row.line_id].append(row)
    pool = {row.pk: row.quantity for rows in ended.values() for row in rows}
    for one in void_lines(order.pk) if back.lines else ():
        if one.refund.of_return_id is None:
            left[one.line_id] -= one.quantity - _matched(one, ended[one.line_id], pool)
    return left


def _matched(one: RefundLine, rows: Iterable[ShipmentLine], pool: dict[int, int]) -> int:
    """How many of its pieces ended parcels held by then; each is matched once."""
    found = 0
    for row in rows:
        if _may_be_for(one, row.shipment):
            taken = min(pool[row.pk], one.quantity - found)
            pool[row.pk] -= taken
            found += taken
    return found


def _may_be_for(one: RefundLine, shipment: Shipment) -> bool:
    """The troubled one that is seen to, or the delivered one whose goods stay where they are."""
    had_ended = shipment.since <= one.refund.requested_at
    return had_ended and (shipment.state in Shipment.TROUBLED or not one.to_stock)
