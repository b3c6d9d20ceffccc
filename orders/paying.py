"""Asking the provider: to charge, and afterwards what became of it. Nothing is recorded here but
the reference under which a charge can be asked about; `services` records the outcome.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection

from deferral.crashpoints import crashpoint
from orders import gateway
from orders.errors import PaymentUnavailable
from orders.gateway import Settlement
from orders.models import PaymentAttempt

# After this long without an answer a charge is called off at the provider, which settles it.
GIVE_UP_AFTER = timedelta(minutes=15)

# In the place of a provider's reference: no charge was begun, and none will be.
GIVEN_UP = "given up"


def pay(*, attempt_id: int, method: str) -> Settlement:
    """Charge the card. No transaction, and no database connection held meanwhile.

    Never raises for what a provider can do: see Settlement. Safe to repeat: one attempt, one
    charge.
    """
    attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
    try:
        ref = _named_at_provider(attempt)
    except PaymentUnavailable as error:
        return Settlement(outcome="unavailable", reason=str(error))
    if not _begin(attempt, ref=ref, method=method):
        return Settlement(outcome="failed", reason="The payment was given up before it began.")
    crashpoint("charge_named")
    connection.close()
    settlement = gateway.confirm(key=str(attempt.key), ref=ref, method=method)
    crashpoint("charge_answered")
    return settlement


def ask_provider(*, attempt_id: int) -> Settlement | None:
    """What became of an attempt; None while nobody knows. PaymentUnavailable.

    Long after, the charge is called off, which makes the answer certain.
    """
    attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
    if _never_begins(attempt):
        return Settlement(outcome="failed", reason="The payment was never begun.")
    ref = attempt.provider_ref
    found = gateway.ask(ref)
    if found or datetime.now(UTC) - attempt.created_at < GIVE_UP_AFTER:
        return found
    return gateway.call_off(key=str(attempt.key), ref=ref)


def _named_at_provider(attempt: PaymentAttempt) -> str:
    if attempt.provider_ref:
        return attempt.provider_ref
    connection.close()
    return gateway.create(
        key=str(attempt.key),
        order=attempt.order.number,
        amount_cents=attempt.amount_cents,
        currency=attempt.order.currency,
    )


def _begin(attempt: PaymentAttempt, *, ref: str, method: str) -> bool:
    """Store the reference before anything is charged under it. False: it was given up meanwhile."""
    mine = PaymentAttempt.objects.filter(pk=attempt.pk, provider_ref__in=["", ref])
    return bool(mine.exclude(provider_ref=GIVEN_UP).update(provider_ref=ref, method=method))


def _never_begins(attempt: PaymentAttempt) -> bool:
    """Whether nothing was, and nothing can be, charged: `_begin` and this exclude each other."""
    unnamed = PaymentAttempt.objects.filter(pk=attempt.pk, provider_ref="")
    given_up = bool(unnamed.update(provider_ref=GIVEN_UP))
    attempt.refresh_from_db()
    return given_up or attempt.provider_ref == GIVEN_UP
