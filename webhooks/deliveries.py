"""What is told to whom, in which words: rows of webhooks, before and after they are sent."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from deferral.errors import Bury
from deferral.models import Job
from deferral.relay.retention import BATCH, KEPT_DAYS
from deferral.text.redaction import storable
from orders.models import Order, Refund
from orders.selectors import came_back_before, order_by_id, refunds_of
from webhooks.models import Delivery, DeliveryAttempt, Endpoint
from webhooks.outbound import Answer
from webhooks.signing import signed_headers

# What may be chosen, and the state that the order came into by it.
BECAME = {
    "order.completed": Order.State.PAID,
    "order.cancelled": Order.State.CANCELLED,
    "order.refunded": Order.State.REFUNDED,
}
# May happen to one order several times: their ids end with the tag of the refund they are about.
PARTLY, REFUND_FAILED = "order.partly_refunded", "order.refund_failed"
CHOICES = (*BECAME, PARTLY, REFUND_FAILED)
REFUNDED = "order.refunded"
# What staff send to see whether it arrives.
TEST = "endpoint.test"
# Of an answer, before what is secret is taken out and the rest cut: the patterns' time grows with
# the square of a text without spaces.
READ_FOR_SECRETS = 2_048


def telling(what: str) -> QuerySet[Endpoint]:
    """The endpoints that are to hear of it."""
    return Endpoint.objects.filter(disabled_at=None, events__contains=[what]).order_by("id")


def delivery_of(
    endpoint: Endpoint, *, webhook_id: str, what: str, order_id: int | None
) -> Delivery:
    """With its body, frozen by whoever was first; nobody else reads the order.

    Bury where there is no such row any more and nobody says which order it was about.
    """
    order: Any = SimpleLazyObject(lambda: order_by_id(order_id or 0))
    first = {
        "endpoint": endpoint,
        "type": what,
        "subject": lambda: order.subject if order_id else endpoint.subject,
        "body": lambda: json.dumps(
            webhook(order, what, webhook_id) if order_id else _hello(endpoint, what)
        ),
    }
    return Delivery.objects.get_or_create(webhook_id=webhook_id, defaults=first)[0]


def headers_for(endpoint: Endpoint, delivery: Delivery) -> dict[str, str]:
    """As they are sent now: signed by every secret that counts at this moment."""
    return signed_headers(
        endpoint.secrets,
        key=delivery.webhook_id,
        timestamp=int(time.time()),
        body=delivery.body.encode(),
    )


def webhook(order: Order, what: str, webhook_id: str = "") -> dict[str, object]:
    """`{type, timestamp, data}` as the specification has it; no address, no e-mail.

    `timestamp` is when it happened, however late and however often we say it. `again`: it had been
    refunded before, and the money had come back to us.
    """
    refund = None if what in BECAME else refund_named(order, webhook_id)
    at = _moment(order, what, refund) or order.created_at
    lines = [{"sku": line.sku, "quantity": line.quantity} for line in order.lines.all()]
    data: dict[str, object] = {
        "order": order.reference,
        "number": order.number,
        "total_cents": order.total_cents,
        "lines": lines,
    }
    about: dict[str, object] = {"refund": told_of(refund)} if refund else {}
    if what == REFUNDED and came_back_before(order.pk):
        about["again"] = True
    return {"type": what, "timestamp": at.astimezone(UTC).isoformat(), "data": data | about}


def _moment(order: Order, what: str, refund: Refund | None) -> datetime | None:
    if refund:
        return refund.came_back_at if what == REFUND_FAILED else refund.settled_at
    return order.moment_of(BECAME[what])


def refund_named(order: Order, webhook_id: str) -> Refund:
    """The refund that a webhook's id is about: it ends with the refund's own tag."""
    return refunds_of(order.pk).get(tag=webhook_id.rpartition(":")[2])


def told_of(refund: Refund) -> dict[str, object]:
    """How much went back, and what for: of tickets also which. Without lines it was an amount."""
    lines = [
        {"sku": one.line.sku, "quantity": one.quantity, "tickets": one.pieces}
        for one in refund.lines.select_related("line")
    ]
    return {"id": refund.name, "cents": refund.amount_cents, "lines": lines}


def forget_deliveries() -> int:
    """Delete what was decided longer ago than the ledger remembers; return how many.

    Not while a job of it lives, or is dead: that would be sent from it yet.
    """
    limit = Now() - timedelta(days=KEPT_DAYS)
    mine = Q(key=OuterRef("webhook_id")) | Q(sends=OuterRef("webhook_id"))
    about = Job.objects.alias(sends=KT("kwargs__webhook_id")).filter(subject=OuterRef("subject"))
    jobs = about.filter(mine).exclude(state__in=Job.SETTLED)
    old = Delivery.objects.filter(~Exists(jobs), created_at__lt=limit).order_by("created_at")
    total = 0
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        DeliveryAttempt.objects.filter(delivery__in=batch).delete()
        total += Delivery.objects.filter(pk__in=batch).delete()[0]
    return total


def keep_attempt(delivery: Delivery, answer: Answer) -> None:
    """What came of it, without what nobody shall read there."""
    DeliveryAttempt.objects.create(
        delivery=delivery,
        status=answer.status,
        milliseconds=answer.took,
        response=storable(answer.text, most=READ_FOR_SECRETS)[:1_024],
        error=storable(answer.error)[:300],
    )


def _hello(endpoint: Endpoint, what: str) -> dict[str, object]:
    if what != TEST:
        msg = f"{what} without an order: what was said then is not kept any more"
        raise Bury(msg)
    now = timezone.now().astimezone(UTC)
    return {"type": TEST, "timestamp": now.isoformat(), "data": {"endpoint": endpoint.slug}}
