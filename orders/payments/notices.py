"""What the provider says of itself has happened (its webhooks): checked and written down once.

A notice is a hint. It may come twice, late, in any order, or never: what is true is asked of the
provider afterwards (`shop.settlement`), by a job that exists as soon as the notice is stored.
"""

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import stripe
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from deferral.crashpoints import crashpoint
from deferral.events import publish
from orders.errors import NoticeForged, NoticeNotUnderstood
from orders.events import PaymentHeardOf
from orders.models import ProviderNotice

# Of money that goes back, or did not. Stripe tells of one change by several of them.
OF_REFUNDS = frozenset(
    {
        "charge.refunded",
        "charge.refund.updated",
        "refund.created",
        "refund.updated",
        "refund.failed",
    }
)
# What changes an order. The provider tells more, which is acknowledged and forgotten.
KINDS = OF_REFUNDS | {
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "payment_intent.requires_action",
}
# Seconds, either way. Stripe signs anew for each try, so that an old signature is a replay; and one
# that is dated ahead would be good for replays until then.
TOLERANCE = 300
KEPT = timedelta(days=90)
LONGEST_ID, LONGEST_REF = 255, 90  # a subject has a hundred letters


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """The three words of a webhook that matter."""

    event_id: str
    kind: str
    provider_ref: str


def receive(*, body: bytes, signature: str) -> bool:
    """Check a webhook and write it down with its job, in one transaction. False: known, or no news.

    NoticeForged when no secret of ours signed exactly these bytes within five minutes;
    NoticeNotUnderstood for what is signed and no event. Nothing is stored then.
    """
    _check(body, signature)
    notice = _read(body)
    return notice is not None and _keep(notice)


def forget_notices() -> int:
    """Every night: what is older than 90 days. Stripe repeats an event for three."""
    old = ProviderNotice.objects.filter(received_at__lt=Now() - KEPT)
    return old.delete()[0]


@transaction.atomic
def _keep(notice: Notice) -> bool:
    row, is_new = ProviderNotice.objects.get_or_create(
        event_id=notice.event_id,
        defaults={"kind": notice.kind, "provider_ref": notice.provider_ref},
    )
    if is_new:
        fact = PaymentHeardOf(notice_id=row.pk, kind=notice.kind, provider_ref=notice.provider_ref)
        publish(fact, subject=f"payment:{notice.provider_ref}")
        crashpoint("notice_written")
    return is_new


def _check(body: bytes, signature: str) -> None:
    """By either secret, so that one can be rotated. The library compares in constant time."""
    for secret in settings.PAYMENT_WEBHOOK_SECRETS if signature.isascii() else ():
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        if _signed_at(signature) <= time.time() + TOLERANCE:
            return
    raise NoticeForged


def _signed_at(signature: str) -> int:
    """Unix time, read as the library does that has just accepted it."""
    parts = (part.split("=", 2) for part in signature.split(","))
    [signed_at, *_] = (part[1] for part in parts if part[0] == "t")
    return int(signed_at)


def _read(body: bytes) -> Notice | None:
    """None for what does not concern us: another kind, or no payment of ours."""
    try:
        event: Any = json.loads(body)
        name, kind = _name(event["id"], LONGEST_ID), _name(event["type"], LONGEST_ID)
        if kind not in KINDS:
            return None
        thing = event["data"]["object"]
        intent = thing["id"] if thing["object"] == "payment_intent" else thing["payment_intent"]
        if intent is None:
            return None
        return Notice(event_id=name, kind=kind, provider_ref=_name(intent, LONGEST_REF))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoticeNotUnderstood from error


def _name(value: Any, longest: int) -> str:
    """One of the provider's names: short, and of letters that every database takes."""
    if not (isinstance(value, str) and value.isascii() and value.isprintable()):
        raise ValueError(value)
    if not 0 < len(value) <= longest:
        raise ValueError(value)
    return value
