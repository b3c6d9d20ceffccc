"""Telling customers of their parcels. Nothing is sent that is not so any more."""

import structlog

from notifications import messages
from notifications.delivery import deliver
from orders.models import Order, Shipment
from orders.selectors import order_by_id

log = structlog.get_logger(__name__)


def send_shipment(*, shipment_id: int, key: str) -> None:
    """Tell the customer that a parcel is on its way, by how it stands now.

    Nothing when the order was called off, or the parcel is not on its way after all.
    """
    shipment = Shipment.objects.prefetch_related("lines__line").get(pk=shipment_id)
    order = order_by_id(shipment.order_id)
    if order.state != Order.State.PAID or not shipment.is_sent or shipment.excess:
        log.info("mail_not_sent", key=key, order=order.number, reason="it is not on its way")
        return
    deliver(messages.shipment_sent(order, shipment, key=key), order.subject)
