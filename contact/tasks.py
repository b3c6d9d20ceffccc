"""What the workers do for this app. Limits in seconds."""

from contact import forgetting
from contact.drafting import making
from contact.drafting.gateway import AI_SERVICE
from deferral.policies import RetryPolicy
from deferral.tasks import current_job, deferred_task

# What fails may have been paid for: six tries within an hour or so, and no more.
FEW = RetryPolicy(attempts=6, first=15, factor=4, ceiling=1_800)


@deferred_task(
    name="contact.make_draft",
    queue="partners",
    retry=FEW,
    time_limit=80,
    service=AI_SERVICE,
)
def make_draft(*, message_id: int, number: int) -> None:
    """Have a draft of an answer made. Nobody is sent it.

    At most once where the service honours our key; else a worker killed in between may pay twice.
    """
    making.make_draft(message_id=message_id, number=number, key=current_job().key)


@deferred_task(
    name="contact.forget_messages",
    queue="bulk",
    retry=FEW,
    time_limit=300,
    schedulable=True,
)
def forget_messages() -> None:
    """Delete messages that were settled a year ago."""
    forgetting.forget_messages()
