"""The rows of an order's parcels, as all that was said of them makes them."""

from datetime import UTC, datetime

from deferral.events import publish
from orders.events import ShipmentSent
from orders.models import Order, Shipment, ShipmentLine, ShipmentNotice
from orders.shipments import expecting
from orders.shipments.folding import ParcelStatus, fold
from orders.shipments.judging import carried_part

ITS_OWN = ("state", "since", "carrier", "tracking_number", "tracking_url", "excess")


def refresh(order: Order, supplier: str) -> None:
    """Make the parcels of one supplier for an order that the caller has locked.

    Safe to repeat: of the same notices come the same rows, and the same events once.
    """
    said = ShipmentNotice.objects.filter(order=order, supplier=supplier, refused=False)
    part = carried_part(order, supplier)
    shipments = [_written(order, supplier, one) for one in fold(said, part)]
    for shipment in shipments:
        _announce(shipment)
    expecting.note_news(order, supplier, part=part)


def _written(order: Order, supplier: str, status: ParcelStatus) -> Shipment:
    facts = {name: getattr(status, name) for name in ITS_OWN}
    shipment, is_new = Shipment.objects.update_or_create(
        order=order,
        supplier=supplier,
        name=status.name,
        defaults=facts | {"corrected_by": status.by},
    )
    before = {row.line_id: row.quantity for row in shipment.lines.all()} if not is_new else {}
    ids = {line.sku: line.pk for line in order.lines.all()}
    after = {ids[sku]: quantity for sku, quantity in status.lines.items()}
    if before != after:
        shipment.lines.all().delete()
        ShipmentLine.objects.bulk_create(
            ShipmentLine(shipment=shipment, line_id=line, quantity=quantity)
            for line, quantity in after.items()
        )
    return shipment


def _announce(shipment: Shipment) -> None:
    """That it is on its way, once for each parcel, whatever is said of it later.

    Of one that is first heard of as lost or returned nothing is announced: the page says it.
    """
    is_due = shipment.state in shipment.COMING and not shipment.excess and shipment.told_at is None
    if not is_due or shipment.order.state != Order.State.PAID:
        return
    shipment.told_at = datetime.now(UTC)
    shipment.save(update_fields=["told_at"])
    fact = ShipmentSent(order_id=shipment.order_id, shipment_id=shipment.pk)
    publish(fact, subject=shipment.order.subject)
