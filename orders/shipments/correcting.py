"""What staff say of a parcel themselves, and what they have seen to."""

from datetime import UTC, datetime

import structlog
from django.db import transaction

from deferral.errors import NotAllowed
from deferral.names import new_tag
from orders.models import Order, Shipment, ShipmentNotice
from orders.shipments.refreshing import refresh

log = structlog.get_logger(__name__)


@transaction.atomic
def correct_shipment(
    *,
    shipment_id: int,
    by: str,
    reason: str,
    state: str,
    carrier: str = "",
    tracking_number: str = "",
    tracking_url: str = "",
) -> Shipment:
    """Say how a parcel really stands. It holds until its supplier tells of something that has
    happened since and is further; a notice of before that comes late changes nothing.

    NotAllowed where that is how it stands already.
    """
    before = Shipment.objects.get(pk=shipment_id)
    order = Order.objects.select_for_update().get(pk=before.order_id)
    before.refresh_from_db()
    facts = {
        "state": state,
        "carrier": carrier,
        "tracking_number": tracking_number,
        "tracking_url": tracking_url,
    }
    if all(getattr(before, name) == value for name, value in facts.items()):
        raise NotAllowed("That is how it stands already.")
    ShipmentNotice.objects.create(
        order=order,
        order_ref=order.reference,
        supplier=before.supplier,
        name=f"correction:{new_tag()}",
        shipment=before.name,
        said_at=datetime.now(UTC),
        by=by,
        reason=reason,
        **facts,
    )
    refresh(order, before.supplier, is_news=False)
    log.info("shipment_corrected", order=order.number, shipment=before.name, by=by)
    return Shipment.objects.get(pk=shipment_id)


@transaction.atomic
def see_to_shipment(*, shipment_id: int, by: str, reason: str) -> Shipment:
    """It needs nobody any more, as it stands: should it come to stand otherwise, it may again.

    NotAllowed where somebody else has seen to it.
    """
    shipment = Shipment.objects.select_for_update().get(pk=shipment_id)
    if not shipment.needs_staff:
        raise NotAllowed("Nobody is needed for it any more.")
    shipment.seen_as = shipment.state
    shipment.save(update_fields=["seen_as"])
    log.info("shipment_seen_to", order=shipment.order_id, shipment=shipment.name, by=by)
    return shipment


@transaction.atomic
def see_to_notice(*, shipmentnotice_id: int, by: str, reason: str) -> ShipmentNotice:
    """What was wrong with it has been cleared up. NotAllowed where somebody else has done so."""
    notice = ShipmentNotice.objects.select_for_update().get(pk=shipmentnotice_id)
    if not notice.misfit or notice.seen_at is not None:
        raise NotAllowed("Somebody has seen to it already, or nothing is wrong with it.")
    notice.seen_at = datetime.now(UTC)
    notice.save(update_fields=["seen_at"])
    log.info("misfit_seen_to", about=notice.order_ref, notice=notice.name, by=by)
    return notice
