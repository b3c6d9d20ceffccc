"""Telling customers of what they send back. Limits in seconds."""

from deferral.policies import PROMPT
from deferral.tasks import current_job, deferred_task
from notifications import services
from notifications.gateway import MAIL_SERVER


@deferred_task(
    name="notifications.send_return",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def send_return(*, return_id: int, step: str) -> None:
    """Tell the customer how far a return has come."""
    services.send_return(return_id=return_id, step=step, key=current_job().key)
