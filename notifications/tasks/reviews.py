"""What the workers do to tell whoever wrote a review. Limits in seconds."""

from deferral.policies import PROMPT
from deferral.tasks import current_job, deferred_task
from notifications import services
from notifications.gateway import MAIL_SERVER


@deferred_task(
    name="notifications.tell_of_review",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_review(*, review_id: int, decision: int) -> None:
    """Tell the customer that their review is shown, or why it is not."""
    services.tell_of_review(review_id=review_id, decision=decision, key=current_job().key)
