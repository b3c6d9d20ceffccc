"""Telling people and strangers. Each is safe to repeat under its key."""

import json
import time
from datetime import UTC, datetime

from django.conf import settings

from deferral.errors import Snooze
from deferral.events import publish
from deferral.models import Job
from deferral.strangers import tell
from deferral.tasks import finishing
from notifications import letters
from notifications.events import ConfirmationIncomplete
from notifications.gateway import post
from notifications.signing import signed_headers
from orders.models import Order
from orders.selectors import order_by_id
from reports.document_keys import expected_keys
from reports.models import Document
from reports.selectors import documents_of

# How often a late document's mail looks whether there is one by now.
LOOK_AGAIN = 30.0


def send_confirmation(*, order_id: int, key: str) -> None:
    """Mail the receipt and every ticket; what is missing is announced and follows by itself."""
    order = order_by_id(order_id)
    documents = documents_of(order_id)
    written = {document.key for document in documents}
    missing = [name for name in expected_keys(order) if name not in written]
    post(letters.confirmation(order, documents=documents, missing=missing, key=key))
    with finishing():
        if missing:
            fact = ConfirmationIncomplete(order_id=order_id, missing=missing)
            publish(fact, subject=order.subject)


def send_late_document(*, order_id: int, document: str, key: str) -> None:
    """Mail a document once it exists; nothing when staff gave it up."""
    found = Document.objects.filter(order_id=order_id, key=document).first()
    if found is not None:
        post(letters.late_document(order_by_id(order_id), document=found, key=key))
    elif not Job.objects.filter(key=document, state=Job.State.DISCARDED).exists():
        raise Snooze("the document is not there yet", seconds=LOOK_AGAIN)


def send_cancellation(*, order_id: int, key: str) -> None:
    """Tell the customer that the order was called off."""
    post(letters.cancellation(order_by_id(order_id), key=key))


def send_refund(*, order_id: int, key: str) -> None:
    """Tell the customer that the money went back."""
    post(letters.refund(order_by_id(order_id), key=key))


def tell_partner(*, order_id: int, what: str, key: str) -> None:
    """A Standard Webhook: `webhook-id` is the key on every attempt, the timestamp is this one's."""
    order = order_by_id(order_id)
    body = json.dumps(webhook(order, what)).encode()
    headers = signed_headers(
        settings.PARTNER_WEBHOOK_SECRET, key=key, timestamp=int(time.time()), body=body
    )
    tell("the partner", settings.PARTNER_URL, key=key, content=body, headers=headers)


def webhook(order: Order, what: str) -> dict[str, object]:
    """`{type, timestamp, data}` as the specification has it; no address, no e-mail."""
    lines = [{"sku": line.sku, "quantity": line.quantity} for line in order.lines.all()]
    data = {"order": order.number, "total_cents": order.total_cents, "lines": lines}
    return {"type": what, "timestamp": datetime.now(UTC).isoformat(), "data": data}


def tell_crm(*, order_id: int, key: str) -> None:
    """Let the CRM know its customer."""
    order = Order.objects.get(pk=order_id)
    content = {"order": order.number, "email": order.email, "name": order.name}
    tell("the CRM", f"{settings.CRM_URL}/contacts", key=key, content=content)


def count_sale(*, order_id: int, key: str) -> None:
    """Let analytics count the sale. Worthless when late, so its job expires."""
    order = Order.objects.get(pk=order_id)
    content = {"event": "order_paid", "order": order.number, "total_cents": order.total_cents}
    tell("analytics", f"{settings.ANALYTICS_URL}/events", key=key, content=content)
