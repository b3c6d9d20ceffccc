"""What is told to whom: rows of webhooks, before and after they are sent."""

import json
import time
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.utils.functional import SimpleLazyObject

from deferral.models import Job
from deferral.relay.retention import BATCH, KEPT_DAYS
from deferral.signatures import signed_headers
from deferral.text.redaction import storable
from orders.selectors import order_by_id
from webhooks.models import Delivery, DeliveryAttempt, Endpoint
from webhooks.outbound import Answer
from webhooks.payloads import hello, webhook

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
            webhook(order, what, webhook_id) if order_id else hello(endpoint, what)
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
