"""Customers are told that a parcel is on its way."""

from collections.abc import Iterator

from django.conf import settings

from deferral.handlers import Work, handles, job
from notifications.tasks import shipments as tasks
from orders.events import ShipmentSent
from orders.models import Shipment


@handles(ShipmentSent)
def tell_of_parcel(fact: ShipmentSent) -> Iterator[Work]:
    """One mail for each parcel, by its own name; and an SMS where a number was given."""
    shipment = Shipment.objects.select_related("order").get(pk=fact.shipment_id)
    yield job(tasks.send_shipment, key=f"shipment_sent:{shipment.key}", shipment_id=shipment.pk)
    if settings.SMS_URL and shipment.order.phone:
        key = f"sms_shipment:{shipment.key}"
        yield job(tasks.send_shipment_sms, key=key, shipment_id=shipment.pk)
