"""What the workers do while an order is on its way. Limits in seconds."""

from deferral.policies import PROMPT
from deferral.tasks import current_job, deferred_task
from notifications import services
from notifications.sms import SMS_SERVICE


@deferred_task(
    name="notifications.send_shipment_sms",
    queue="mail",
    retry=PROMPT,
    time_limit=30,
    service=SMS_SERVICE,
)
def send_shipment_sms(*, order_id: int) -> None:
    """Tell the customer by SMS that a shipment is on its way. Exactly once, as far as who sends it
    honours our key.
    """
    services.send_shipment_sms(order_id=order_id, key=current_job().key)
