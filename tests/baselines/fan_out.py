"""What follows a paid order, written as the Celery documentation has it: a chord and six tasks.

Each task calls the service that the product's own job calls, under the same key.
"""

from functools import partial
from typing import Any

from celery import chord, shared_task
from django.db import transaction

from audit.events import EntryRecorded
from audit.keys import filing_key
from audit.selectors import entry_by_id
from audit.services import file_entry
from notifications import services as notifications
from orders.events import OrderPaid
from orders.selectors import order_by_id, reference_of
from reports import services as reports
from reports.document_keys import receipt_key, ticket_key, ticket_seats
from reports.selectors import line_with_order
from shop import suppliers
from tests.baselines.plain_job import plain_job
from webhooks.endpoints import endpoint_named
from webhooks.sending import deliver

RETRIES: dict[str, Any] = {
    "autoretry_for": (Exception,),
    "retry_backoff": True,
    "retry_jitter": True,
    "max_retries": 5,
}


@shared_task(name="baselines.receipt", queue="critical", **RETRIES)
def receipt(order_id: int) -> None:
    """The PDF receipt."""
    with plain_job(receipt_key(reference_of(order_id))) as key:
        reports.write_receipt(order_id=order_id, key=key)


@shared_task(name="baselines.ticket", queue="critical", **RETRIES)
def ticket(line_id: int, position: int) -> None:
    """One PDF ticket."""
    order = line_with_order(line_id).order
    with plain_job(ticket_key(order.reference, line_id, position)) as key:
        reports.write_ticket(line_id=line_id, position=position, key=key)


@shared_task(name="baselines.confirmation", queue="mail", **RETRIES)
def confirmation(order_id: int) -> None:
    """The e-mail with all of them."""
    with plain_job(f"order_confirmation:{reference_of(order_id)}") as key:
        notifications.send_confirmation(order_id=order_id, key=key)


@shared_task(name="baselines.reserve", queue="partners", **RETRIES)
def reserve(order_id: int, supplier: str) -> None:
    """One inventory system."""
    key = f"reserve_{supplier}:{reference_of(order_id)}"
    suppliers.reserve(supplier=supplier, order_id=order_id, key=key)


@shared_task(name="baselines.partner", queue="partners", **RETRIES)
def partner(order_id: int) -> None:
    """The partner's webhook."""
    what = "order.completed"
    with plain_job(f"partner:{what}:{reference_of(order_id)}") as key:
        deliver(endpoint_named("partner"), webhook_id=key, what=what, order_id=order_id)


@shared_task(name="baselines.crm", queue="partners", **RETRIES)
def crm(order_id: int) -> None:
    """The CRM."""
    notifications.tell_crm(order_id=order_id, key=f"crm:{reference_of(order_id)}")


@shared_task(name="baselines.analytics", queue="analytics", **RETRIES)
def analytics(order_id: int) -> None:
    """Analytics."""
    key = f"analytics:order_paid:{reference_of(order_id)}"
    notifications.count_sale(order_id=order_id, key=key)


@shared_task(name="baselines.audit", queue="partners", **RETRIES)
def audit(order_id: int) -> None:
    """The audit entry, whose announcement becomes the next task."""
    with plain_job(f"audit:order_paid:{reference_of(order_id)}") as key:
        reports.record_audit(order_id=order_id, action="order_paid", key=key)


@shared_task(name="baselines.archive", queue="partners", **RETRIES)
def archive(entry_id: int) -> None:
    """The audit archive."""
    with plain_job(filing_key(entry_by_id(entry_id).key)) as key:
        file_entry(entry_id=entry_id, key=key)


def announce(fact: object, *, subject: str) -> None:
    """In the place of `deferral.events.publish`: no row, but messages after the commit."""
    if isinstance(fact, OrderPaid):
        transaction.on_commit(partial(fan_out, fact.order_id))
    elif isinstance(fact, EntryRecorded):
        archive.delay_on_commit(entry_id=fact.entry_id)


def fan_out(order_id: int) -> None:
    """Everything that the product's handlers yield for OrderPaid."""
    order = order_by_id(order_id)
    tickets = [ticket.si(line_id=line, position=at) for line, at in ticket_seats(order)]
    chord([receipt.si(order_id=order_id), *tickets], confirmation.si(order_id=order_id)).delay()
    for supplier in suppliers.suppliers_of(order_id):
        reserve.delay(order_id=order_id, supplier=supplier)
    for task in (partner, crm, analytics, audit):
        task.delay(order_id=order_id)


TASKS = (receipt, ticket, confirmation, reserve, partner, crm, analytics, audit, archive)
