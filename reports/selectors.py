"""Reads."""

from collections.abc import Collection, Iterable

from orders.models import OrderLine, PaymentAttempt
from orders.pieces import Piece
from reports.models import Document, Export, Ticket
from reports.ticket_codes import normalised
from reports.wording import moment

PAID_BY = (PaymentAttempt.State.CAPTURED, PaymentAttempt.State.REFUNDED)


def documents_of(order_id: int) -> list[Document]:
    """The receipt, then the tickets in their order. Only what is already written."""
    documents = Document.objects.filter(order_id=order_id).select_related("ticket")
    return list(documents.order_by("kind", "ticket__line_id", "ticket__position", "id"))


def documents_of_all(order_ids: Collection[int]) -> dict[int, list[Document]]:
    """The same of many orders, by order, with their tickets. One query."""
    documents = Document.objects.filter(order__in=order_ids).select_related("ticket")
    found: dict[int, list[Document]] = {}
    for one in documents.order_by("kind", "id"):
        found.setdefault(one.order_id, []).append(one)
    return found


def of_worth(documents: Iterable[Document], void: Collection[Piece]) -> list[Document]:
    """Those of the documents, read with their tickets, that are no ticket that is void."""
    return [one for one in documents if seat_of(one) not in void]


def seat_of(document: Document) -> Piece | None:
    """The seat of a ticket's document."""
    ticket = getattr(document, "ticket", None)
    return (ticket.line_id, ticket.position) if ticket else None


def used_seats(order_id: int) -> dict[Piece, str]:
    """Every seat of the order that somebody was let in by, and when."""
    used = Ticket.objects.filter(line__order=order_id, used_at__isnull=False)
    rows = used.values_list("line_id", "position", "used_at").order_by("line_id", "position")
    return {(line, position): moment(at) for line, position, at in rows if at}


def document(*, number: str, key: str) -> Document | None:
    """One document of the order `number`, with its order."""
    documents = Document.objects.select_related("order")
    return documents.filter(order__number=number, key=key).first()


def tickets_of(number: str) -> list[Document]:
    """The tickets of the order `number` that are written, in their order, with the order."""
    documents = Document.objects.select_related("order", "ticket")
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


def export_by_id(export_id: int) -> Export:
    """What somebody asked for. Export.DoesNotExist."""
    return Export.objects.get(pk=export_id)
