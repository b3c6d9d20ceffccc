"""The rows of an order's parcels, as all that was said of them makes them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db.models import Max

from deferral.events import publish
from orders.events import ShipmentSent
from orders.models import Order, Shipment, ShipmentLine, ShipmentNotice
from orders.shipments import expecting
from orders.shipments.folding import ParcelStatus, fold
from orders.shipments.judging import carried_part

ITS_OWN = ("state", "since", "carrier", "tracking_number", "tracking_url", "excess")


def refresh(order: Order, supplier: str, *, is_news: bool) -> None:
    """Make the parcels of one supplier for an order that the caller has locked.

    Safe to repeat: of the same notices come the same rows, and the same events once. Only what has
    changed is written, so that a notice costs no more where there are many parcels.
    `is_news`: its supplier has said something; otherwise staff have.
    """
    said = ShipmentNotice.objects.filter(order=order, supplier=supplier, refused=False)
    part = carried_part(order, supplier)
    ids = {line.sku: line.pk for line in order.lines.all()}
    found = Shipment.objects.filter(order=order, supplier=supplier).prefetch_related("lines")
    before = {shipment.name: shipment for shipment in found}
    for status in fold(said, part):
        shipment = before.get(status.name) or _new(order, supplier, status.name)
        _write(shipment, status)
        _write_lines(shipment, {ids[sku]: quantity for sku, quantity in status.lines.items()})
        _announce(shipment, order)
    _note_delivery(order)
    if is_news:
        expecting.note_news(order, supplier, part=part)
    else:
        expecting.note_correction(order, supplier, part=part)


def _new(order: Order, supplier: str, name: str) -> Shipment:
    return Shipment(order=order, supplier=supplier, name=name)


def _write(shipment: Shipment, status: ParcelStatus) -> None:
    facts = {name: getattr(status, name) for name in ITS_OWN} | {"corrected_by": status.by}
    if shipment.pk and all(getattr(shipment, name) == fact for name, fact in facts.items()):
        return
    for name, fact in facts.items():
        setattr(shipment, name, fact)
    shipment.save(update_fields=facts if shipment.pk else None)


def _write_lines(shipment: Shipment, after: Mapping[int, int]) -> None:
    before = {row.line_id: row.quantity for row in shipment.lines.all()}
    if before == after:
        return
    shipment.lines.all().delete()
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line_id=line, quantity=quantity)
        for line, quantity in after.items()
    )


def _note_delivery(order: Order) -> None:
    arrived = Shipment.objects.filter(order=order, state=Shipment.State.DELIVERED, excess=False)
    last = arrived.aggregate(last=Max("since"))["last"]
    if last != order.delivered_at:
        order.delivered_at = last
        order.save(update_fields=["delivered_at"])


def _announce(shipment: Shipment, order: Order) -> None:
    """That it is on its way, once for each parcel, whatever is said of it later.

    Of one that is first heard of as lost or returned nothing is announced: the page says it.
    """
    is_due = shipment.state in shipment.COMING and not shipment.excess and shipment.told_at is None
    if not is_due or order.state != Order.State.PAID:
        return
    shipment.told_at = datetime.now(UTC)
    shipment.save(update_fields=["told_at"])
    fact = ShipmentSent(order_id=order.pk, shipment_id=shipment.pk)
    publish(fact, subject=order.subject)
