"""What a customer is told of a parcel."""

from notifications.gateway import Mail
from notifications.messages.rendering import order_mail
from orders.models import Order, Shipment
from orders.payments.refunds.sums import back_of
from orders.shipments.showing import shipments_of, to_come

# Of one that was on its way when its mail was decided on, and is not any more.
STRAYED = {
    Shipment.State.LOST.value: "A parcel of your order {} cannot be found at the moment",
    Shipment.State.RETURNED.value: "A parcel of your order {} was brought back",
}


def shipment_sent(order: Order, shipment: Shipment, *, key: str) -> Mail:
    """It is on its way, or has come further by now; and what of the order is still to be sent."""
    sent = [one for one in shipments_of(order.pk) if one.is_sent]
    rest = to_come(order, sent, back_of(order.pk))
    part = "A part of your" if rest else "Your"
    context = {"shipment": shipment, "inside": list(shipment.lines.all()), "rest": rest}
    subject = f"{part} order {{}} is on its way"
    if shipment.state == Shipment.State.DELIVERED:
        subject = f"{part} order {{}} has been delivered"
    subject = STRAYED.get(shipment.state, subject)
    return order_mail(order, "shipment_sent", subject, key, context)
