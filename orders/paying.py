"""Asking the provider: to charge, and afterwards what became of it. Nothing is recorded here but
the reference under which a charge can be asked about; `services` records the outcome.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from deferral.breakers import Call, calling
from deferral.crashpoints import crashpoint
from deferral.errors import StrangerAway
from orders import gateway
from orders.errors import PaymentUnavailable
from orders.gateway import PROVIDER, Settlement
from orders.models import PaymentAttempt

log = structlog.get_logger(__name__)

# After this long without an answer a charge is called off at the provider, which settles it.
GIVE_UP_AFTER = timedelta(minutes=15)

# In the place of a provider's reference: no charge was begun, and none will be.
GIVEN_UP = "given up"


def pay(*, attempt_id: int, method: str) -> Settlement:
    """Charge the card. No transaction, and no database connection held meanwhile.

    Never raises for what a provider can do: see Settlement. Safe to repeat: one attempt, one
    charge. While the provider's breaker is open it is not asked, and the attempt is held.
    """
    attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
    try:
        with asking_provider() as call:
            settlement = _charge(attempt, method=method)
            if settlement.trouble:
                tell_breaker(call, settlement.trouble)
    except StrangerAway as away:
        _hold(attempt)
        return Settlement(outcome="held", reason=str(away), wait=away.seconds)
    except PaymentUnavailable as error:
        settlement = gateway.not_charged(error)
    if settlement.outcome == "refused":
        _cry(attempt, settlement)
    return settlement


def _cry(attempt: PaymentAttempt, settlement: Settlement) -> None:
    """Nobody can pay like this before one of us has mended it: doctor and desk say so too."""
    facts = {"order": attempt.order.number, "amount_cents": attempt.amount_cents}
    log.error("payment_refused", **facts, why=str(settlement.trouble))


@contextmanager
def asking_provider() -> Iterator[Call]:
    """Around everything asked of the provider: its breaker hears what came of it."""
    with calling(PROVIDER) as call:
        try:
            yield call
        except PaymentUnavailable as error:
            tell_breaker(call, error)
            raise


def tell_breaker(call: Call, trouble: PaymentUnavailable) -> None:
    """What there was to hear."""
    if trouble.wish is not None:
        call.busy(str(trouble), seconds=trouble.wish)
    elif trouble.answered:
        call.answered()
    else:
        call.failed(str(trouble), trouble.trouble)


def take_up(*, attempt_id: int) -> bool:
    """Whether a held attempt is ours to pay now: of several who ask, one is told so."""
    return bool(_held(attempt_id).update(state=PaymentAttempt.State.REQUESTED, created_at=Now()))


def give_up(*, attempt_id: int) -> bool:
    """Whether a held attempt is certainly never paid any more."""
    never = _held(attempt_id).update(provider_ref=GIVEN_UP)
    return bool(never) or _held(attempt_id, provider_ref=GIVEN_UP).exists()


def _held(attempt_id: int, *, provider_ref: str = "") -> QuerySet[PaymentAttempt]:
    return PaymentAttempt.objects.filter(
        pk=attempt_id, state=PaymentAttempt.State.HELD, provider_ref=provider_ref
    )


def _hold(attempt: PaymentAttempt) -> None:
    requested = PaymentAttempt.State.REQUESTED
    mine = PaymentAttempt.objects.filter(pk=attempt.pk, state=requested, provider_ref="")
    mine.update(state=PaymentAttempt.State.HELD)


def _charge(attempt: PaymentAttempt, *, method: str) -> Settlement:
    ref = _named_at_provider(attempt)
    if not _begin(attempt, ref=ref, method=method):
        return Settlement(outcome="failed", reason="The payment was given up before it began.")
    crashpoint("charge_named")
    connection.close()
    settlement = gateway.confirm(key=str(attempt.key), ref=ref, method=method)
    crashpoint("charge_answered")
    return settlement


def ask_provider(*, attempt_id: int) -> Settlement | None:
    """What became of an attempt; None while nobody knows. PaymentUnavailable, StrangerAway.

    Long after, the charge is called off, which makes the answer certain.
    """
    attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
    if _never_begins(attempt):
        return Settlement(outcome="failed", reason="The payment was never begun.")
    ref = attempt.provider_ref
    with asking_provider():
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
        order=attempt.order.reference,
        number=attempt.order.number,
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
