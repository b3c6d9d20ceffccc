"""An SMS to who gave a number: a shipment is on its way."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.utils import timezone

from deferral.models import Job
from deferral.tasks import finishing
from notifications.models import SentSms
from notifications.sms import Sms, send_sms
from notifications.sms.gateway import NoSuchNumber
from notifications.sms.segments import segments
from orders.models import Order, Shipment
from orders.selectors import order_by_id

log = structlog.get_logger(__name__)

# Who reads a day later that a parcel has left may have it in hand.
WORTH_SENDING = timedelta(days=1)
WORDS = (
    "Halyard: a parcel of your order {} is on its way to you. Your confirmation mail leads to all "
    "of it."
)


def send_shipment_sms(*, shipment_id: int, key: str) -> None:
    """Tell the customer. Nobody who gave no number, whose order is called off, whose parcel is not
    on its way any more or after all, or a day too late.

    A number that nobody has is no dead letter: anybody may have typed it in.
    """
    shipment = Shipment.objects.get(pk=shipment_id)
    order = order_by_id(shipment.order_id)
    if why := _why_not(order, shipment, key):
        log.info("sms_not_sent", key=key, reason=why)
        return
    sms = Sms(key=key, to=order.phone, words=WORDS.format(order.number))
    try:
        name = send_sms(sms)
    except NoSuchNumber as refusal:
        log.warning("sms_not_delivered", key=key, reason=refusal.cause)
        return
    with finishing():
        SentSms.objects.create(
            key=key,
            about=order.subject,
            number=order.phone,
            text=sms.text,
            segments=segments(sms.text),
            name=name,
        )


def _why_not(order: Order, shipment: Shipment, key: str) -> str:
    if not settings.SMS_URL:
        return "nobody sends SMS any more"
    if not order.phone:
        return "no number was given"
    if order.state != Order.State.PAID or order.is_closing:
        return "the order is called off"
    if shipment.state != Shipment.State.ON_ITS_WAY or shipment.excess:
        return "the parcel is not on its way"
    late = Job.objects.filter(key=key, created_at__lt=timezone.now() - WORTH_SENDING)
    return "it is a day old" if late.exists() else ""
