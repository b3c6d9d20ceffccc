"""What is Stripe's own of its webhooks: who signed them, which matter, and what follows.

Such a notice may come twice, late, in any order, or never: what is true is asked of the provider
afterwards, by a job that exists as soon as the notice is stored. Receiving is `deferral.inbox`.
"""

import json
from collections.abc import Mapping
from typing import Any

import stripe
from django.conf import settings

from deferral.inbox.errors import NoticeForged
from deferral.inbox.source import LONGEST_ABOUT, LONGEST_ID, Notice, Source, word
from deferral.models import IncomingNotice
from orders.events import PaymentNoticed

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


def signed_at(body: bytes, headers: Mapping[str, str]) -> int:
    """By either secret, so that one can be rotated. The library compares in constant time."""
    signature = headers.get("Stripe-Signature", "")
    for secret in settings.PAYMENT_WEBHOOK_SECRETS if signature.isascii() else ():
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        return _time_in(signature)
    raise NoticeForged


def _time_in(signature: str) -> int:
    """Unix time, read as the library does that has just accepted it."""
    parts = (part.split("=", 2) for part in signature.split(","))
    [signed, *_] = (part[1] for part in parts if part[0] == "t")
    return int(signed)


def read(body: bytes, _headers: Mapping[str, str]) -> Notice | None:
    """None for what does not concern us: another kind, or no payment of ours."""
    event: Any = json.loads(body)
    name, kind = word(event["id"], LONGEST_ID), word(event["type"], LONGEST_ID)
    if kind not in KINDS:
        return None
    thing = event["data"]["object"]
    intent = thing["id"] if thing["object"] == "payment_intent" else thing["payment_intent"]
    if intent is None:
        return None
    return Notice(external_id=name, kind=kind, about=word(intent, LONGEST_ABOUT))


def follows(notice: IncomingNotice) -> tuple[PaymentNoticed, str]:
    """A look at the payment."""
    fact = PaymentNoticed(notice_id=notice.pk, kind=notice.kind, provider_ref=notice.about)
    return fact, f"payment:{notice.about}"


# Stripe signs anew for each try, and repeats an event for three days. Its largest events have a
# tenth of the bytes that are read.
PROVIDER = Source(name="payment provider", verify=signed_at, read=read, follows=follows)
