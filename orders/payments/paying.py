"""Having the provider charge, while the customer waits.

Nothing is recorded here but the reference under which a charge can be asked about (`pursuing`):
`orders.services` records the outcome.
"""

from dataclasses import replace

import structlog

from deferral.crashpoints import crashpoint
from deferral.errors import ServiceAway
from deferral.external.long_calls import before_long_call
from orders.errors import PaymentUnavailable
from orders.models import PaymentAttempt
from orders.payments.asking import asking_provider, tell_breaker
from orders.payments.beginning import attempt_by_id, begin, hold
from orders.payments.insisting import insist
from orders.payments.provider import gateway
from orders.payments.provider.settlements import PaymentOutcome, Settlement, not_charged

log = structlog.get_logger(__name__)

GIVEN_UP_BEFORE = Settlement(outcome="failed", reason="The payment was given up before it began.")


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
        outcome: PaymentOutcome = "held" if hold(attempt) else "unknown"
        return Settlement(outcome=outcome, reason=str(away), wait=away.seconds)
    except PaymentUnavailable as error:
        if attempt.provider_ref:
            return Settlement(outcome="unknown", reason=str(error), failure=error)
        return _cried_over(attempt, not_charged(error))


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


def _charge(attempt: PaymentAttempt, *, method: str) -> Settlement:
    if not begin(attempt, method=method):
        return GIVEN_UP_BEFORE
    crashpoint("charge_named")
    before_long_call()
    settlement = _confirm(attempt)
    crashpoint("charge_answered")
    return settlement


def _confirm(attempt: PaymentAttempt) -> Settlement:
    return gateway.confirm(
        key=str(attempt.key),
        ref=attempt.provider_ref,
        method=attempt.method,
        return_url=attempt.return_url,
    )
