"""Goods that are sent although their money went back before: staff are told of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Min

from orders.models import Order, RefundLine, Shipment, ShipmentLine, ShipmentNotice
from orders.payments.refunds.sums import void_lines


def sent_all_the_same(
    order: Order, supplier: str, part: Mapping[str, int], said: Mapping[str, object]
) -> str:
    """What of this parcel was not to be sent any more; empty where it may be sent.

    Asked when it is first said to be on its way: what is paid back later was sent in good faith.
    Goods that had left before their money went back are counted once, as sent.
    """
    lines = said["lines"]
    if said["state"] not in Shipment.COMING or not isinstance(lines, Mapping):
        return ""
    void = void_lines(order.pk)
    left_at = _left_at(order, supplier) if void else {}
    if not void or said["shipment"] in left_at:
        return ""
    sent = _sent(order, supplier)
    gone = Counter({sku: sum(by_name.values()) for sku, by_name in sent.items()})
    off = _called_off(void, sent, left_at)
    for sku, quantity in sorted(lines.items()):
        too_many = gone[sku] + quantity + off[sku] - part[sku]
        if off[sku] and too_many > 0:
            return f"{min(too_many, quantity)} x {sku} is sent although it was paid back before."
    return ""


def _left_at(order: Order, supplier: str) -> dict[str, datetime]:
    told = ShipmentNotice.objects.filter(order=order, supplier=supplier, refused=False)
    left = told.filter(state__in=Shipment.SENT).order_by()
    return dict(left.values_list("shipment").annotate(Min("said_at")))


def _sent(order: Order, supplier: str) -> dict[str, dict[str, int]]:
    """By article number and parcel, the pieces that are coming or have come."""
    found: dict[str, dict[str, int]] = {}
    of_it = ShipmentLine.objects.filter(shipment__order=order, shipment__supplier=supplier)
    coming = of_it.filter(shipment__state__in=Shipment.COMING, shipment__excess=False)
    for row in coming.select_related("shipment", "line"):
        found.setdefault(row.line.sku, {})[row.shipment.name] = row.quantity
    return found


def _called_off(
    void: Sequence[RefundLine],
    sent: Mapping[str, Mapping[str, int]],
    left_at: Mapping[str, datetime],
) -> Counter[str]:
    """Pieces that were paid back before they were sent. A refund is of what had left, first."""
    off: Counter[str] = Counter()
    had: Counter[str] = Counter()
    for row in sorted(void, key=lambda row: row.refund.requested_at):
        sku, decided = row.line.sku, row.refund.requested_at
        by_name = sent.get(sku, {})
        left = sum(count for name, count in by_name.items() if left_at[name] < decided)
        of_sent = min(row.quantity, left - had[sku])
        had[sku] += of_sent
        off[sku] += row.quantity - of_sent
    return off
