"""Mails that carry an order's documents: the confirmation, and what it went without."""

from collections.abc import Sequence

import structlog
from django.db import transaction

from deferral.errors import NotAllowed, Snooze
from deferral.events import publish
from deferral.models import Event, Job
from deferral.names import new_tag
from notifications import messages
from notifications.delivery import deliver
from notifications.events import ConfirmationAskedAgain, ConfirmationIncomplete
from orders.models import Order
from orders.payments.refunds.sums import void_pieces
from orders.selectors import order_by_id
from reports.document_keys import expected_keys, ticket_key
from reports.models import Document
from reports.selectors import documents_of, of_worth

log = structlog.get_logger(__name__)

# How often a late document's mail looks whether there is one by now.
LOOK_AGAIN = 30.0


def send_confirmation(*, order_id: int, key: str) -> None:
    """Mail the receipt and every ticket that is worth something; what is missing is announced and
    follows by itself.

    Nothing when the order was called off meanwhile: the mail that says so may have gone out.
    """
    order = order_by_id(order_id)
    if not _is_still_paid(order, key):
        return
    void = void_pieces(order)
    documents = of_worth(documents_of(order_id), void)
    written = {document.key for document in documents} | {
        ticket_key(order.reference, *seat) for seat in void
    }
    unwritten = [name for name in expected_keys(order) if name not in written]
    missing = to_be_written(unwritten)
    given_up = len(unwritten) - len(missing)
    mail = messages.confirmation(
        order, documents=documents, missing=missing, given_up=given_up, key=key
    )
    facts = [ConfirmationIncomplete(order_id=order_id, missing=missing)] if missing else []
    deliver(mail, order.subject, *facts)


def send_late_document(*, order_id: int, document: str, key: str) -> None:
    """Mail a document once it exists; nothing when staff gave it up or the whole order, or when it
    is a ticket whose money goes back.
    """
    order = order_by_id(order_id)
    if not _is_still_paid(order, key):
        return
    if document in {ticket_key(order.reference, *seat) for seat in void_pieces(order)}:
        return
    found = Document.objects.filter(order_id=order_id, key=document).first()
    if found is not None:
        deliver(messages.late_document(order, document=found, key=key), order.subject)
    elif not Job.objects.filter(key=document, state=Job.State.DISCARDED).exists():
        raise Snooze("the document is not there yet", seconds=LOOK_AGAIN)


@transaction.atomic
def resend_confirmation(*, order_id: int, by: str, reason: str) -> Order:
    """Have the confirmation sent once more, by a job of its own. NotAllowed unless it is paid."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state != Order.State.PAID:
        msg = f"An order that is {order.get_state_display()} has no confirmation."
        raise NotAllowed(msg)
    earlier = Event.objects.filter(subject=order.subject, type=ConfirmationAskedAgain.type)
    last = earlier.order_by("id").last()
    number = last.payload["number"] + 1 if last else 1
    fact = ConfirmationAskedAgain(order_id=order_id, number=number, tag=new_tag())
    publish(fact, subject=order.subject)
    log.info("confirmation_asked_again", order=order.number, by=by, reason=reason)
    return order


def to_be_written(documents: Sequence[str]) -> list[str]:
    """Those of the documents that a job still writes; staff gave the others up."""
    jobs = Job.objects.filter(key__in=documents).exclude(state=Job.State.DISCARDED)
    promised = set(jobs.values_list("key", flat=True))
    return [name for name in documents if name in promised]


def _is_still_paid(order: Order, key: str) -> bool:
    if order.state == Order.State.PAID:
        return True
    log.info("mail_not_sent", key=key, order=order.number, reason=f"the order is {order.state}")
    return False
