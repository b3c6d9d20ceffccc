"""What the workers do to tell customers of their parcels. Limits in seconds."""

from deferral.policies import PROMPT
from deferral.tasks import current_job, deferred_task
from notifications import services
from notifications.gateway import MAIL_SERVER
from notifications.sms import SMS_SERVICE


@deferred_task(
    name="notifications.send_shipment",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def send_shipment(*, shipment_id: int) -> None:
    """Tell the customer that a parcel is on its way, and what is still to come."""
    services.send_shipment(shipment_id=shipment_id, key=current_job().key)


@deferred_task(
    name="notifications.send_shipment_sms",
    # A second service in `mail` would leave the mail server a third of its threads.
    queue="partners",
    retry=PROMPT,
    time_limit=30,
    service=SMS_SERVICE,
)
def send_shipment_sms(*, shipment_id: int) -> None:
    """Tell the customer by SMS that a parcel is on its way. Exactly once, as far as who sends it
    honours our key.
    """
    services.send_shipment_sms(shipment_id=shipment_id, key=current_job().key)
