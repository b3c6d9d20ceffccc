"""What the workers do for guests who look for an order. Limits in seconds."""

from deferral.policies import PROMPT
from deferral.tasks import current_job, deferred_task
from notifications import services
from notifications.gateway import MAIL_SERVER


@deferred_task(
    name="notifications.send_order_link",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def send_order_link(*, link_id: int) -> None:
    """Mail a link. It is made here, and stands in no job, event or log."""
    services.send_order_link(link_id=link_id, key=current_job().key)
