"""A shipment is on its way: whoever gave a number is sent an SMS."""

from collections.abc import Iterator

from django.conf import settings

from deferral.handlers import Work, handles, job
from notifications.tasks import shipments as tasks
from orders.events import ShipmentSent
from orders.models import Order


@handles(ShipmentSent)
def tell_by_sms(fact: ShipmentSent) -> Iterator[Work]:
    """One for each shipment. None where no number was given, or nobody sends SMS."""
    wanted = Order.objects.filter(pk=fact.order_id).exclude(phone="")
    for order in wanted if settings.SMS_URL else ():
        key = f"sms_shipment:{order.reference}:{fact.shipment_id}"
        yield job(tasks.send_shipment_sms, key=key, order_id=order.pk)
