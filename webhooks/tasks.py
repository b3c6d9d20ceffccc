"""What the workers do to tell other companies' programs. Limits in seconds."""

from deferral.policies import PROMPT, Timetable
from deferral.tasks import deferred_task
from webhooks import deliveries, recovery, sending
from webhooks.endpoints import endpoint_by_id

# Seconds before each next try, the Standard Webhooks specification's own: ten tries in 75.6 h.
WEBHOOK = Timetable(waits=(5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400))


@deferred_task(
    name="webhooks.forget_deliveries",
    queue="bulk",
    retry=PROMPT,
    time_limit=600,
    schedulable=True,
)
def forget_deliveries() -> None:
    """Every night. Safe to repeat: what is gone is gone."""
    deliveries.forget_deliveries()


@deferred_task(
    name="webhooks.deliver_webhook",
    queue="partners",
    retry=WEBHOOK,
    time_limit=30,
    step="Our partner",
)
def deliver_webhook(
    *, endpoint_id: int, webhook_id: str, what: str, order_id: int | None = None
) -> None:
    """Deliver one webhook. Exactly once where its receiver honours `webhook-id`."""
    endpoint = endpoint_by_id(endpoint_id)
    sending.deliver(endpoint, webhook_id=webhook_id, what=what, order_id=order_id)


@deferred_task(name="webhooks.recover_deliveries", queue="bulk", retry=PROMPT, time_limit=600)
def recover_deliveries(*, endpoint_id: int, since: str, asked_at: str, by: str) -> None:
    """Bring an endpoint what it did not get since a moment. Safe to repeat, by the jobs' keys.

    `asked_at` is in this job's own key, and says when to whoever reads it.
    """
    recovery.recover(endpoint_by_id(endpoint_id), since=since, by=by)
