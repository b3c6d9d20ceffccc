"""What the workers do with money. Limits in seconds."""

from deferral.policies import PATIENT
from deferral.tasks import current_job, deferred_task
from orders import refunds


@deferred_task(
    name="orders.refund_payment",
    lane="critical",
    retry=PATIENT,
    time_limit=60,
    step="Refund",
)
def refund_payment(*, order_id: int) -> None:
    """Have the provider give the money back. Exactly once: it honours our key."""
    refunds.refund_payment(order_id=order_id, key=current_job().key)
