"""Reads."""

from orders.models import OrderLine, PaymentAttempt
from reports.models import AuditEntry, Document, Ticket
from reports.ticket_codes import normalised

PAID_BY = (PaymentAttempt.State.CAPTURED, PaymentAttempt.State.REFUNDED)


def documents_of(order_id: int) -> list[Document]:
    """The receipt, then the tickets in their order. Only what is already written."""
    documents = Document.objects.filter(order_id=order_id)
    return list(documents.order_by("kind", "ticket__line_id", "ticket__position", "id"))


def document(*, number: str, key: str) -> Document | None:
    """One document of the order `number`, with its order."""
    documents = Document.objects.select_related("order")
    return documents.filter(order__number=number, key=key).first()


def tickets_of(number: str) -> list[Document]:
    """The tickets of the order `number` that are written, in their order, with the order."""
    documents = Document.objects.select_related("order")
    found = documents.filter(order__number=number, kind=Document.Kind.TICKET)
    return list(found.order_by("ticket__line_id", "ticket__position", "id"))


def ticket(typed: str) -> Ticket | None:
    """The ticket with this code, however it was typed, with its line and order."""
    tickets = Ticket.objects.select_related("line__order")
    return tickets.filter(code=normalised(typed)).first()


def payment_of(order_id: int) -> PaymentAttempt | None:
    """The attempt that succeeded."""
    return PaymentAttempt.objects.filter(order_id=order_id, state__in=PAID_BY).last()


def line_with_order(line_id: int) -> OrderLine:
    """An order's line, and the order."""
    return OrderLine.objects.select_related("order").get(pk=line_id)


def audit_entry(entry_id: int) -> AuditEntry:
    """One entry of the audit log."""
    return AuditEntry.objects.select_related("order").get(pk=entry_id)
