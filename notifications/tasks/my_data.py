"""What the workers tell customers of their own data. Limits in seconds."""

from deferral.policies import PROMPT
from deferral.tasks import current_job, deferred_task
from notifications import services
from notifications.gateway import MAIL_SERVER


@deferred_task(
    name="notifications.tell_of_my_data",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_my_data(*, export_id: int) -> None:
    """Tell a customer that what is kept of them can be fetched."""
    services.tell_of_my_data(export_id=export_id, key=current_job().key)


@deferred_task(
    name="notifications.tell_of_deletion",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_deletion(*, deletion_id: int) -> None:
    """Tell a customer that their account is going to be deleted."""
    services.tell_of_deletion(deletion_id=deletion_id, key=current_job().key)
