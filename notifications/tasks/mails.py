"""What the workers do to tell people, CRM and analytics. Limits in seconds."""

from deferral.policies import BRIEF, PATIENT, PROMPT
from deferral.tasks import current_job, deferred_task
from notifications import delivery, services
from notifications.gateway import ANALYTICS, CRM, MAIL_SERVER


@deferred_task(
    name="notifications.send_confirmation",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    step="Confirmation e-mail",
    service=MAIL_SERVER,
)
def send_confirmation(*, order_id: int) -> None:
    """Mail the customer the receipt and every ticket.

    Safe to repeat: the Message-ID is the job's key. At least once: a crash between the server's
    250 and our commit sends one more with the same id.
    """
    services.send_confirmation(order_id=order_id, key=current_job().key)


@deferred_task(
    name="notifications.send_late_document",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    step="Late documents",
    service=MAIL_SERVER,
)
def send_late_document(*, order_id: int, document: str) -> None:
    """Mail a document that the confirmation went without, once it is there."""
    services.send_late_document(order_id=order_id, document=document, key=current_job().key)


@deferred_task(
    name="notifications.send_cancellation",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def send_cancellation(*, order_id: int) -> None:
    """Tell the customer that the order was called off."""
    services.send_cancellation(order_id=order_id, key=current_job().key)


@deferred_task(
    name="notifications.send_refund",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def send_refund(*, order_id: int, refund_id: int) -> None:
    """Tell the customer that money went back."""
    services.send_refund(order_id=order_id, refund_id=refund_id, key=current_job().key)


@deferred_task(
    name="notifications.tell_of_refusal",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_refusal(*, refund_id: int) -> None:
    """Tell the staff that a refund came to nothing."""
    services.tell_of_refusal(refund_id=refund_id, key=current_job().key)


@deferred_task(
    name="notifications.tell_of_return",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_return(*, refund_id: int, staff: bool) -> None:
    """Tell the customer, or the staff, that money which had gone back came back to us."""
    services.tell_of_return(refund_id=refund_id, staff=staff, key=current_job().key)


@deferred_task(
    name="notifications.send_payment_failed",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def send_payment_failed(*, attempt_id: int) -> None:
    """Tell the customer that no money came, and how to pay again."""
    services.send_payment_failed(attempt_id=attempt_id, key=current_job().key)


@deferred_task(
    name="notifications.tell_of_late_money",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_late_money(*, order_id: int, staff: bool) -> None:
    """Tell the customer, or the staff, that money came too late and goes back."""
    services.tell_of_late_money(order_id=order_id, staff=staff, key=current_job().key)


@deferred_task(
    name="notifications.tell_of_difference",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_difference(*, reconciliation_id: int) -> None:
    """Tell the staff that our books and the provider's differ."""
    services.tell_of_difference(reconciliation_id=reconciliation_id, key=current_job().key)


@deferred_task(
    name="notifications.forget_mails", queue="bulk", retry=PROMPT, time_limit=600, schedulable=True
)
def forget_mails() -> None:
    """Every night. Safe to repeat: what is gone is gone."""
    delivery.forget_mails()


@deferred_task(
    name="notifications.tell_of_endpoint",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_endpoint(*, endpoint_id: int, days: int) -> None:
    """Tell the staff that an endpoint fails, or is disabled."""
    services.tell_of_endpoint(endpoint_id=endpoint_id, days=days, key=current_job().key)


@deferred_task(
    name="notifications.tell_of_export",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_export(*, export_id: int) -> None:
    """Tell whoever asked for an export that it can be fetched."""
    services.tell_of_export(export_id=export_id, key=current_job().key)


@deferred_task(
    name="notifications.tell_of_statements",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_statements(*, run_id: int) -> None:
    """Tell the bookkeeper what there is of a month's statements, with its sums."""
    services.tell_of_statements(run_id=run_id, key=current_job().key)


@deferred_task(
    name="notifications.tell_of_upload",
    queue="mail",
    retry=PROMPT,
    time_limit=60,
    service=MAIL_SERVER,
)
def tell_of_upload(*, asset_id: int) -> None:
    """Tell whoever has uploaded something what became of it. One mail for all sent together."""
    services.tell_of_upload(asset_id=asset_id, key=current_job().key)


@deferred_task(
    name="notifications.tell_crm",
    queue="partners",
    retry=PATIENT,
    time_limit=30,
    service=CRM,
)
def tell_crm(*, order_id: int) -> None:
    """Let the CRM know its customer. Exactly once where it honours our key."""
    services.tell_crm(order_id=order_id, key=current_job().key)


@deferred_task(
    name="notifications.count_sale",
    queue="analytics",
    retry=BRIEF,
    time_limit=30,
    service=ANALYTICS,
)
def count_sale(*, order_id: int) -> None:
    """Let analytics count the sale, soon or never."""
    services.count_sale(order_id=order_id, key=current_job().key)
