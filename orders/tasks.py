"""What the workers do with money. Limits in seconds."""

from datetime import UTC, datetime

from deferral.inbox import receiving
from deferral.policies import PATIENT, PROMPT
from deferral.tasks import current_job, deferred_task
from orders import summaries
from orders.payments import notices
from orders.payments.provider.gateway import PROVIDER
from orders.payments.refunds import carrying_out, decisions, watching
from orders.shipments import expecting, recording, retention
from orders.shipments.notices import SENDERS


@deferred_task(
    name="orders.refund_payment",
    queue="critical",
    retry=PATIENT,
    time_limit=60,
    step="Refund",
    service=PROVIDER,
)
def refund_payment(*, refund_id: int) -> None:
    """Have the provider give money back. Exactly once: it honours our key, and keeps a book."""
    carrying_out.refund_payment(refund_id=refund_id, key=current_job().key)


@deferred_task(
    name="orders.ask_about_refunds",
    queue="bulk",
    retry=PROMPT,
    time_limit=600,
    service=PROVIDER,
    schedulable=True,
)
def ask_about_refunds() -> None:
    """Every ten minutes: what became of money that is on its way back. Safe to repeat."""
    watching.ask_about_refunds(now=datetime.now(UTC))


@deferred_task(
    name="orders.keep_summaries", queue="bulk", retry=PROMPT, time_limit=600, schedulable=True
)
def keep_summaries() -> None:
    """Every night, before the ledger is swept. Safe to repeat."""
    decisions.keep_given_up()
    summaries.keep_summaries()


@deferred_task(
    name="orders.forget_notices", queue="bulk", retry=PROMPT, time_limit=600, schedulable=True
)
def forget_notices() -> None:
    """Every night: notices of long ago. Safe to repeat."""
    for sender in (notices.PROVIDER, *SENDERS.values()):
        receiving.forget(sender)
    retention.forget_unknown()


@deferred_task(name="orders.hear_of_shipment", queue="partners", retry=PROMPT, time_limit=30)
def hear_of_shipment(*, notice_id: int, supplier: str) -> None:
    """Record what a supplier says of a parcel. It commits together with `done`."""
    with current_job().finishing():
        recording.hear(notice_id=notice_id, supplier=supplier)


@deferred_task(
    name="orders.find_silent_suppliers",
    queue="critical",
    retry=PROMPT,
    time_limit=60,
    schedulable=True,
)
def find_silent_suppliers() -> None:
    """Every minute: suppliers that have said nothing for too long are asked. Safe to repeat."""
    expecting.find_silent(now=datetime.now(UTC))
