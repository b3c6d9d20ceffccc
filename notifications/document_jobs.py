"""The jobs that write an order's documents: the parts of its confirmation's join."""

from collections.abc import Iterator

from deferral.handlers import JobSpec, job
from orders.models import Order
from reports.document_keys import receipt_key, ticket_key, ticket_seats
from reports.tasks import write_receipt, write_ticket


def receipt(order: Order) -> JobSpec:
    """The receipt's job."""
    return job(write_receipt, key=receipt_key(order.reference), order_id=order.pk)


def tickets(order: Order) -> Iterator[JobSpec]:
    """One job a seat: a slow or hung one is repeated alone."""
    for line_id, position in ticket_seats(order):
        key = ticket_key(order.reference, line_id, position)
        yield job(write_ticket, key=key, line_id=line_id, position=position)
