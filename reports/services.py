"""What can be done: write a receipt, write a ticket, let somebody in, keep the audit log."""

from datetime import datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models.functions import Now

from audit.models import AuditEntry
from audit.services import record
from deferral.interventions import note
from deferral.tasks import finishing
from media.filing import Filed
from orders.models import Order, OrderLine, Refund
from orders.payments.provider.gateway import PROVIDER
from orders.payments.refunds.sums import named
from reports import selectors
from reports.errors import NoSuchTicket, NotPaid
from reports.filing import file_document
from reports.models import Document, Ticket
from reports.receipts import card_of, receipt_of
from reports.tickets import ticket_of, title_of
from reports.typesetting import typeset

LET_IN = "Let in at the door."
# Money that had gone back is here again.
CAME_BACK = "refund_came_back"


def write_receipt(*, order_id: int, key: str) -> None:
    """Write the order's receipt and remember where.

    Safe to repeat: the same order is the same bytes under the same name. Raises DoesNotAddUp or
    NotPaid, both for a person to look at; no name or product text makes it fail.
    """
    order = Order.objects.get(pk=order_id)
    paid_at, card = moment_of_payment(order), card_of(selectors.payment_of(order_id))
    data = receipt_of(order, list(order.lines.all()), paid_at=paid_at, card=card)
    filed = file_document(typeset("receipt.typ", data, at=paid_at), key=key)
    filename = f"Halyard-{order.number}-receipt.pdf"
    with finishing():
        remember(order, key=key, kind="receipt", title="Receipt", filename=filename, filed=filed)


def write_ticket(*, line_id: int, position: int, key: str) -> None:
    """Write one ticket and make its code known at the door. Safe to repeat, as a receipt is."""
    line = selectors.line_with_order(line_id)
    if not 1 <= position <= line.quantity:
        raise NoSuchTicket(key)
    paid_at = moment_of_payment(line.order)
    data = ticket_of(line, position=position)
    filed = file_document(typeset("ticket.typ", data, at=paid_at), key=key)
    with finishing():
        remember_ticket(line, position=position, code=data["code"], key=key, filed=filed)


def moment_of_payment(order: Order) -> datetime:
    """When it was paid: the time on every document. NotPaid when it never was."""
    if order.paid_at is None:
        raise NotPaid(order.number)
    return order.paid_at


def remember(order: Order, *, key: str, filed: Filed, **words: str) -> Document:
    """The row of a file that is already in storage."""
    facts: dict[str, Any] = {"file": filed.name, "sha256": filed.sha256, "size": filed.size}
    facts |= {"place": filed.place, "forgotten_at": None}
    document, _ = Document.objects.update_or_create(
        key=key, defaults={"order": order, **words, **facts}
    )
    return document


def remember_ticket(line: OrderLine, *, position: int, code: str, key: str, filed: Filed) -> None:
    """Make `code` a ticket of this line. One that was used stays used."""
    document = remember(
        line.order,
        key=key,
        kind="ticket",
        title=title_of(line, position=position),
        filename=f"Halyard-{line.order.number}-ticket-{line.pk}-{position}.pdf",
        filed=filed,
    )
    Ticket.objects.update_or_create(
        line=line,
        position=position,
        defaults={"code": code, "holder": line.order.name, "document": document},
    )


@transaction.atomic
def let_in(*, ticket_id: int, by: int) -> bool:
    """Use a ticket up and write down that the user `by` did. False when it was used before, or is
    void: its order is no longer paid, or its money goes back.

    Of any number of doors at the same moment exactly one hears True. The order is locked, as it is
    by whoever decides about its money: nobody gets the money and enters.
    """
    line = OrderLine.objects.get(tickets=ticket_id)
    line.order = Order.objects.select_for_update(no_key=True).get(pk=line.order_id)
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    ticket.line = line
    if ticket.validity != "valid":
        return False
    Ticket.objects.filter(pk=ticket_id).update(used_at=Now())
    entry = LogEntry.objects.log_actions(by, [ticket], CHANGE, LET_IN, single_object=True)
    subject = ticket.line.order.subject
    note(by=entry.user.get_username(), told=LET_IN, about=ticket, subject=subject)
    return True


def record_audit(*, order_id: int, action: str, key: str, refund_id: int | None = None) -> None:
    """Write into our own log what happened to an order, and announce it. Safe to repeat."""
    order = Order.objects.get(pk=order_id)
    facts = part_of(order, action, refund_id) if refund_id else whole_of(order, action)
    with finishing():
        record(key=key, action=action, subject=order.subject, reference=order.reference, **facts)


def whole_of(order: Order, action: str) -> dict[str, Any]:
    """What happened to all of it. `at` is when, not when we came to write it down."""
    state = Order.State(action.removeprefix("order_"))
    return {
        "actor": AuditEntry.CUSTOMER if state == Order.State.PAID else order.closed_by or "staff",
        "at": order.moment_of(state) or Now(),
        "detail": {"total_cents": order.total_cents, "currency": order.currency},
    }


def part_of(order: Order, action: str, refund_id: int) -> dict[str, Any]:
    """What went back of it, by whose decision; or came back to us, and why."""
    refund = Refund.objects.get(pk=refund_id)
    lines = [
        {"sku": one.line.sku, "quantity": one.quantity, "pieces": one.pieces}
        for one in named(refund)
    ]
    detail: dict[str, Any] = {"refunded_cents": refund.amount_cents, "currency": order.currency}
    detail |= {"lines": lines} if lines else {}
    if action == CAME_BACK:
        why = {"reason": refund.refusal}
        return {"actor": PROVIDER, "at": refund.came_back_at or Now(), "detail": detail | why}
    return {"actor": refund.by, "at": refund.settled_at or Now(), "detail": detail}
