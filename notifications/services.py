"""Telling people and external services. Each is safe to repeat under its key."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from deferral.errors import NotAllowed, Snooze
from deferral.events import DomainEvent, publish
from deferral.external.http import tell
from deferral.models import Event, Job
from deferral.names import new_tag
from deferral.relay.retention import BATCH, KEPT_DAYS
from deferral.tasks import finishing
from notifications import messages
from notifications.events import ConfirmationAskedAgain, ConfirmationIncomplete
from notifications.gateway import ANALYTICS, CRM, Mail, post, recipient
from notifications.models import SentMail
from orders.models import Order, PaymentAttempt, Reconciliation, Refund
from orders.payments.refunds.sums import void_pieces
from orders.selectors import order_by_id
from reports.document_keys import expected_keys, ticket_key
from reports.models import Document
from reports.selectors import documents_of, of_worth
from webhooks.endpoints import endpoint_by_id

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


def send_cancellation(*, order_id: int, key: str) -> None:
    """Tell the customer that the order was called off."""
    order = order_by_id(order_id)
    deliver(messages.cancellation(order, key=key), order.subject)


def send_refund(*, order_id: int, refund_id: int, key: str) -> None:
    """Tell the customer that money went back: all of it, or a part.

    Nothing when it came back to us meanwhile: another mail says so.
    """
    order = order_by_id(order_id)
    refund = Refund.objects.get(pk=refund_id)
    if refund.state != Refund.State.DONE:
        log.info("mail_not_sent", key=key, order=order.number, reason=f"it {refund.state}")
        return
    deliver(messages.refund(order, refund, key=key), order.subject)


def tell_of_refusal(*, refund_id: int, key: str) -> None:
    """Tell the staff that a refund came to nothing, in the provider's words."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    order = order_by_id(refund.payment.order_id)
    deliver(messages.came_to_nothing(order, refund, key=key), order.subject)


def tell_of_return(*, refund_id: int, staff: bool, key: str) -> None:
    """Tell the customer, or the staff, that money which had gone back came back to us."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    order = order_by_id(refund.payment.order_id)
    message = messages.came_to_nothing if staff else messages.came_back
    deliver(message(order, refund, key=key), order.subject)


def send_payment_failed(*, attempt_id: int, key: str) -> None:
    """Tell the customer that no money came. Nothing when they know, or have begun to pay again."""
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    order = order_by_id(attempt.order_id)
    is_last = order.payments.last() == attempt
    if order.state != Order.State.PAYMENT_FAILED or not is_last:
        log.info("mail_not_sent", key=key, order=order.number, reason="it is being paid again")
        return
    deliver(messages.payment_failed(order, reason=attempt.reason, key=key), order.subject)


def tell_of_late_money(*, order_id: int, staff: bool, key: str) -> None:
    """Tell the customer, or the staff, that money came too late and goes back."""
    order = order_by_id(order_id)
    message = messages.to_staff if staff else messages.too_late
    deliver(message(order, key=key), order.subject)


def tell_of_difference(*, reconciliation_id: int, key: str) -> None:
    """Tell the staff that our books and the provider's differ."""
    report = Reconciliation.objects.get(pk=reconciliation_id)
    deliver(messages.books_differ(report, key=key), f"books:{report.day}")


def tell_of_endpoint(*, endpoint_id: int, days: int, key: str) -> None:
    """Tell the staff that an endpoint has failed for so many days, or (0) that it is disabled.

    Nothing is sent when that is over: the mail says what is so now.
    """
    endpoint = endpoint_by_id(endpoint_id)
    if not (endpoint.disabled_at or (days and endpoint.failing_since)):
        return
    deliver(messages.endpoint_failing(endpoint, days=days, key=key), endpoint.subject)


def deliver(mail: Mail, about: str, *facts: DomainEvent) -> None:
    """Post it; then keep it as sent, and announce what follows, in one commit with `done`."""
    post(mail)
    attachments = [{"filename": a.filename, "size": len(a.content)} for a in mail.attachments]
    with finishing():
        SentMail.objects.create(
            key=mail.key,
            about=about,
            to=recipient(mail),
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            attachments=attachments,
        )
        for fact in facts:
            publish(fact, subject=about)


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


def forget_mails() -> int:
    """Delete what was sent longer ago than the ledger remembers; return how many."""
    old = SentMail.objects.filter(sent_at__lt=Now() - timedelta(days=KEPT_DAYS)).order_by("sent_at")
    total = 0
    while count := SentMail.objects.filter(pk__in=old.values("pk")[:BATCH]).delete()[0]:
        total += count
    return total


def tell_crm(*, order_id: int, key: str) -> None:
    """Let the CRM know its customer."""
    order = Order.objects.get(pk=order_id)
    content = {
        "order": order.reference,
        "number": order.number,
        "email": order.email,
        "name": order.name,
    }
    tell(CRM, f"{settings.CRM_URL}/contacts", key=key, content=content)


def count_sale(*, order_id: int, key: str) -> None:
    """Let analytics count the sale. Worthless when late, so its job expires."""
    order = Order.objects.get(pk=order_id)
    names = {"order": order.reference, "number": order.number}
    content = {"event": "order_paid", **names, "total_cents": order.total_cents}
    tell(ANALYTICS, f"{settings.ANALYTICS_URL}/events", key=key, content=content)
