"""Payments whose end nobody saw: asked about, pushed on, and in the end called off.

What its customer wanted is the sale. So what stands still is confirmed again, under the same key
and for some minutes; a card that is charged an hour later would surprise its owner.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from orders.models import PaymentAttempt
from orders.payments import beginning, paying
from orders.payments.asking import asking_provider
from orders.payments.provider import gateway
from orders.payments.provider.settlements import Settlement

# After this long without an end a charge is called off at the provider, which settles it.
GIVE_UP_AFTER = timedelta(minutes=15)

NEVER_BEGUN = Settlement(outcome="failed", reason="The payment was never begun.")
NOT_ANSWERED = "Your bank's question was not answered in time."
NO_PAGE = "This card asks for a confirmation that this shop cannot show. Please use another."
NOT_TAKEN = "The payment provider does not take this card."


def deadline(attempt: PaymentAttempt) -> datetime:
    """When it is called off: at the bank, the customer has the whole time."""
    return (attempt.bank_since or attempt.created_at) + GIVE_UP_AFTER


def ask_provider(*, attempt_id: int) -> Settlement | None:
    """What became of an attempt; None while nobody knows. PaymentUnavailable, ServiceAway.

    Safe to repeat, and beside whoever else is at it. Nothing is charged that nobody asked for, and
    nothing after the deadline: it is called off then, which makes the answer certain.
    """
    attempt = beginning.attempt_by_id(attempt_id)
    if datetime.now(UTC) >= deadline(attempt):
        return call_off(attempt)
    if not attempt.provider_ref and not attempt.method:
        return call_off(attempt)  # nobody said what it would be charged to
    found = _pushed_on(attempt)
    if found and found.outcome == "bank" and not found.url:
        return _called_off_because(NO_PAGE, attempt)
    return found


def call_off(attempt: PaymentAttempt) -> Settlement | None:
    """Make sure that it is never charged any more, or learn that it was. None: not certain yet."""
    if beginning.never_begins(attempt):
        return NEVER_BEGUN
    with asking_provider():
        before = gateway.ask(attempt.provider_ref)
        if before and before.outcome == "captured":
            return before
        after = gateway.call_off(key=str(attempt.key), ref=attempt.provider_ref)
    if after is None or after.outcome not in {"captured", "failed"}:
        return None
    if after.outcome == "failed" and before and before.outcome == "bank":
        return replace(after, reason=NOT_ANSWERED)
    if after.outcome == "failed" and before and before.outcome == "failed":
        return before
    return after


def _pushed_on(attempt: PaymentAttempt) -> Settlement | None:
    """As it stands now; where it stands still, after another try."""
    if not attempt.provider_ref:
        with asking_provider():
            is_begun = beginning.begin(attempt, method=attempt.method)
        if not is_begun:
            return paying.GIVEN_UP_BEFORE
    if attempt.provider_ref == beginning.GIVEN_UP:
        return NEVER_BEGUN
    with asking_provider():
        found = gateway.ask(attempt.provider_ref)
    if found is None or found.outcome != "unconfirmed":
        return found
    return _confirmed(attempt) if attempt.method else None


def _confirmed(attempt: PaymentAttempt) -> Settlement | None:
    settlement = paying.confirm_again(attempt)
    if settlement.outcome in {"unavailable", "refused"}:
        return _called_off_because(NOT_TAKEN, attempt)
    if settlement.outcome == "unknown":
        if settlement.failure:
            raise settlement.failure
        return None
    return settlement


def _called_off_because(reason: str, attempt: PaymentAttempt) -> Settlement | None:
    found = call_off(attempt)
    return replace(found, reason=reason) if found and found.outcome == "failed" else found
