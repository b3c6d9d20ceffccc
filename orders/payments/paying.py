"""Having the provider charge, while the customer waits. Nothing is recorded here but the reference
under which a charge can be asked about (`pursuing`); `services` records the outcome.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import structlog
from django.db.models import QuerySet
from django.db.models.functions import Now

from deferral.crashpoints import crashpoint
from deferral.errors import ServiceAway
from deferral.external.breakers import Call, calling
from deferral.external.long_calls import before_long_call
from orders.errors import PaymentUnavailable
from orders.models import PaymentAttempt
from orders.payments.insisting import insist
from orders.payments.provider import gateway
from orders.payments.provider.gateway import PROVIDER
from orders.payments.provider.settlements import PaymentOutcome, Settlement, not_charged

log = structlog.get_logger(__name__)

# In the place of a provider's reference: no charge was begun, and none will be.
GIVEN_UP = "given up"


def pay(*, attempt_id: int, method: str) -> Settlement:
    """Charge the card. No transaction, and no database connection held meanwhile.

    Never raises for what a provider can do: see Settlement. Safe to repeat: one attempt, one
    charge. While the provider's breaker is open it is not asked, and the attempt is held. A charge
    that was not answered is asked for again, for some seconds; `unknown` after that.
    """
    attempt = attempt_by_id(attempt_id)
    return insist(lambda: _try(attempt, method=method))


def _try(attempt: PaymentAttempt, *, method: str) -> Settlement:
    """Once. Without an answer: `held` or `unavailable` where nothing was begun, else `unknown`."""
    was_begun = bool(attempt.provider_ref)
    try:
        with asking_provider() as call:
            settlement = _charge(attempt, method=method)
            if settlement.failure:
                tell_breaker(call, settlement.failure)
        found = _looked_up(attempt, settlement) if was_begun else settlement
        return _cried_over(attempt, found)
    except ServiceAway as away:
        outcome: PaymentOutcome = "held" if _hold(attempt) else "unknown"
        return Settlement(outcome=outcome, reason=str(away), wait=away.seconds)
    except PaymentUnavailable as error:
        if attempt.provider_ref:
            return Settlement(outcome="unknown", reason=str(error), failure=error)
        return _cried_over(attempt, not_charged(error))


def attempt_by_id(attempt_id: int) -> PaymentAttempt:
    """With its order."""
    return PaymentAttempt.objects.select_related("order").get(pk=attempt_id)


def confirm_again(attempt: PaymentAttempt) -> Settlement:
    """What was begun, once more with the same arguments: it charges once.

    PaymentUnavailable, ServiceAway where a refusal could not be looked into.
    """
    with asking_provider() as call:
        settlement = _confirm(attempt)
        if settlement.failure:
            tell_breaker(call, settlement.failure)
    return _looked_up(attempt, settlement)


def _looked_up(attempt: PaymentAttempt, settlement: Settlement) -> Settlement:
    """A refusal says nothing about the times before: the provider is asked what is so."""
    if settlement.outcome not in {"unavailable", "refused"}:
        return settlement
    with asking_provider():
        found = gateway.ask(attempt.provider_ref)
    if found and found.outcome == "unconfirmed":
        return settlement
    return found or replace(settlement, outcome="unknown")


def _cried_over(attempt: PaymentAttempt, settlement: Settlement) -> Settlement:
    """What nobody can pay before one of us has mended it is told: doctor and admin say so too."""
    if settlement.outcome == "refused":
        facts = {"order": attempt.order.number, "amount_cents": attempt.amount_cents}
        log.error("payment_refused", **facts, why=str(settlement.failure))
    return settlement


@contextmanager
def asking_provider() -> Iterator[Call]:
    """Around everything asked of the provider: its breaker hears what came of it.

    In the web no connection waits meanwhile.
    """
    with calling(PROVIDER) as call:
        before_long_call()
        try:
            yield call
        except PaymentUnavailable as error:
            tell_breaker(call, error)
            raise


def tell_breaker(call: Call, failure: PaymentUnavailable) -> None:
    """What there was to hear."""
    if failure.retry_after is not None:
        call.busy(str(failure), seconds=failure.retry_after)
    elif failure.answered:
        call.answered()
    else:
        call.failed(str(failure), failure.failure_kind)


def prepare(*, attempt_id: int, method: str, return_url: str) -> None:
    """Store what the charge will be asked for with, before anybody does: others may have to."""
    fresh = PaymentAttempt.objects.filter(pk=attempt_id, provider_ref="")
    fresh.update(method=method, return_url=return_url)


def take_up(*, attempt_id: int, method: str = "") -> bool:
    """Whether a held attempt is ours to pay now: of several who ask, one is told so."""
    changes = {"state": PaymentAttempt.State.REQUESTED, "created_at": Now(), "method": method}
    return bool(_held(attempt_id).update(**changes))


def give_up(*, attempt_id: int) -> bool:
    """Whether a held attempt is certainly never paid any more."""
    never = _held(attempt_id).update(provider_ref=GIVEN_UP)
    return bool(never) or _held(attempt_id, provider_ref=GIVEN_UP).exists()


def _held(attempt_id: int, *, provider_ref: str = "") -> QuerySet[PaymentAttempt]:
    return PaymentAttempt.objects.filter(
        pk=attempt_id, state=PaymentAttempt.State.HELD, provider_ref=provider_ref
    )


def _hold(attempt: PaymentAttempt) -> bool:
    """Whether nothing was begun: not even named."""
    requested = PaymentAttempt.State.REQUESTED
    mine = PaymentAttempt.objects.filter(pk=attempt.pk, state=requested, provider_ref="")
    return bool(mine.update(state=PaymentAttempt.State.HELD))


def _charge(attempt: PaymentAttempt, *, method: str) -> Settlement:
    if not begin(attempt, method=method):
        return GIVEN_UP_BEFORE
    crashpoint("charge_named")
    before_long_call()
    settlement = _confirm(attempt)
    crashpoint("charge_answered")
    return settlement


GIVEN_UP_BEFORE = Settlement(outcome="failed", reason="The payment was given up before it began.")


def begin(attempt: PaymentAttempt, *, method: str) -> bool:
    """Name the charge at the provider, and store its name, unless that is done. PaymentUnavailable.

    False: it was given up meanwhile, and must not be charged.
    """
    ref = _named_at_provider(attempt)
    if not _begin(attempt, ref=ref, method=method):
        return False
    attempt.provider_ref, attempt.method = ref, method
    return True


def _confirm(attempt: PaymentAttempt) -> Settlement:
    return gateway.confirm(
        key=str(attempt.key),
        ref=attempt.provider_ref,
        method=attempt.method,
        return_url=attempt.return_url,
    )


def _named_at_provider(attempt: PaymentAttempt) -> str:
    if attempt.provider_ref:
        return attempt.provider_ref
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


def never_begins(attempt: PaymentAttempt) -> bool:
    """Whether nothing was, and nothing can be, charged: `begin` and this exclude each other."""
    unnamed = PaymentAttempt.objects.filter(pk=attempt.pk, provider_ref="")
    given_up = bool(unnamed.update(provider_ref=GIVEN_UP))
    attempt.refresh_from_db()
    return given_up or attempt.provider_ref == GIVEN_UP
