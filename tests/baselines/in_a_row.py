"""Everything that follows a paid order, one after the other in one process: no queue, no ledger.

It calls the services that the product's jobs call, under the same keys.
"""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from functools import partial

from django.db import transaction

from audit.events import EntryRecorded
from audit.keys import filing_key
from audit.selectors import entry_by_id
from audit.services import file_entry
from notifications import services as notifications
from orders.models import Order
from reports import services as reports
from reports.document_keys import receipt_key, ticket_key, ticket_seats
from shop import suppliers
from tests.baselines.plain_job import plain_job
from webhooks.endpoints import endpoint_named
from webhooks.sending import deliver

_LINES: ContextVar[dict[str, float]] = ContextVar("lines")


@contextlib.contextmanager
def adding_up() -> Iterator[dict[str, float]]:
    """Line -> seconds, for what the block does."""
    lines: dict[str, float] = {}
    token = _LINES.set(lines)
    try:
        yield lines
    finally:
        _LINES.reset(token)


@contextlib.contextmanager
def line(name: str) -> Iterator[None]:
    """One line of the sum."""
    began = time.perf_counter()
    yield
    lines = _LINES.get()
    lines[name] = lines.get(name, 0.0) + time.perf_counter() - began


def do_the_rest(order: Order) -> None:
    """What the product's handlers yield, in the article's order."""
    id_, name = order.pk, order.reference
    with line("pdf"):
        write_documents(order)
    with line("mail"), plain_job(f"order_confirmation:{name}") as key:
        notifications.send_confirmation(order_id=id_, key=key)
    for supplier in suppliers.suppliers_of(id_):
        with line(supplier):
            suppliers.reserve(supplier=supplier, order_id=id_, key=f"reserve_{supplier}:{name}")
    with line("partner"):
        what = "order.completed"
        with plain_job(f"partner:{what}:{name}") as key:
            deliver(endpoint_named("partner"), webhook_id=key, what=what, order_id=id_)
    with line("analytics"):
        notifications.count_sale(order_id=id_, key=f"analytics:order_paid:{name}")
    with line("audit"), plain_job(f"audit:order_paid:{name}") as key:
        reports.record_audit(order_id=id_, action="order_paid", key=key)
    with line("crm"):
        notifications.tell_crm(order_id=id_, key=f"crm:{name}")


def write_documents(order: Order) -> None:
    """The receipt and every ticket."""
    with plain_job(receipt_key(order.reference)) as key:
        reports.write_receipt(order_id=order.pk, key=key)
    for seat, position in ticket_seats(order):
        with plain_job(ticket_key(order.reference, seat, position)) as key:
            reports.write_ticket(line_id=seat, position=position, key=key)


def announce(fact: object, *, subject: str) -> None:
    """In the place of `deferral.events.publish`: what is in our log goes to the archive at once.

    Once it is committed: nobody is called inside a transaction.
    """
    if isinstance(fact, EntryRecorded):
        transaction.on_commit(partial(file_now, fact.entry_id))


def file_now(entry_id: int) -> None:
    """Within the request."""
    with plain_job(filing_key(entry_by_id(entry_id).key)) as key:
        file_entry(entry_id=entry_id, key=key)
