"""Payments whose end nobody saw: have the provider asked, and pushed on, until it knows."""

from datetime import UTC, datetime, timedelta

from deferral.crashpoints import crashpoint
from deferral.database.outage import unless_held_up
from deferral.errors import Bury, Snooze
from orders import services
from orders.errors import PaymentUnavailable
from orders.models import PaymentAttempt
from orders.payments import asking, beginning, pursuing, trying_again
from orders.payments.misfits import what_does_not_fit
from orders.payments.provider import gateway
from orders.payments.provider.settlements import Settlement
from orders.payments.reconciliation import comparing
from orders.payments.refunds.watching import hear_of_refunds
from orders.selectors import attempts_named, held_attempts, unanswered_attempts
from shop.checkout import let_go, record_outcome
from shop.stock import HELD_FOR

# What a person has to look into: the provider took other money than was asked for.
NOT_OURS = "the payment provider captured something else than was asked for"
# Longer than any charge takes: its calls have ten seconds each, the last begins after twenty.
STALE_AFTER = timedelta(seconds=60)
# A failed one is looked at again when somebody says that something happened to it after all.
DOUBTFUL = (
    PaymentAttempt.State.REQUESTED,
    PaymentAttempt.State.UNKNOWN,
    PaymentAttempt.State.AT_BANK,
    PaymentAttempt.State.FAILED,
)
UNSETTLED = (
    PaymentAttempt.State.REQUESTED,
    PaymentAttempt.State.UNKNOWN,
    PaymentAttempt.State.AT_BANK,
)
# So many held orders are given up in a minute.
AT_ONCE = 500
# Ask every five seconds at first, later every minute.
SOONEST, LATEST = 5.0, 60.0


def settle_payment(*, attempt_id: int) -> None:
    """Ask once, push on what stands still, and record the answer. Snooze while there is none.

    Safe to repeat. The provider is asked for 15 minutes; then the charge is called off there, which
    makes its answer certain. The stock is kept until then, and some time longer for a customer who
    is told by mail, and pays again.
    """
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    if attempt.state not in UNSETTLED:
        return
    try:
        settlement = pursuing.ask_provider(attempt_id=attempt_id)
    except PaymentUnavailable as error:
        raise Snooze(str(error), seconds=patience(attempt)) from error
    if settlement is None:
        raise Snooze("the provider does not know yet", seconds=patience(attempt))
    crashpoint("provider_answered")
    record(attempt_id=attempt_id, settlement=settlement)
    if settlement.outcome == "bank":
        raise Snooze("the bank waits for its customer", seconds=patience(attempt))


def hear_of_payment(*, provider_ref: str) -> None:
    """Ask about the payment that the provider has told us of, and record what is new about it.

    Safe to repeat, and in any order: what is asked is how it stands now, and an attempt only moves
    forward. Nothing is done about payments that are not ours, and none is called off.
    """
    for attempt in attempts_named(provider_ref).filter(state__in=DOUBTFUL):
        with asking.asking_provider():
            settlement = gateway.ask(provider_ref)
        if settlement is not None and not is_being_told(attempt, settlement):
            record(attempt_id=attempt.pk, settlement=settlement)


def is_being_told(attempt: PaymentAttempt, settlement: Settlement) -> bool:
    """Whether the customer is about to read of it on the checkout's own page: nobody else records.

    Should the web die before, the attempt is found stale.
    """
    is_fresh = datetime.now(UTC) - attempt.created_at < STALE_AFTER
    is_open = attempt.state == PaymentAttempt.State.REQUESTED
    return is_open and is_fresh and settlement.outcome == "failed"


def record(*, attempt_id: int, settlement: Settlement) -> None:
    """Settle the attempt by what the provider says now. Bury when that is not what we asked for.

    Then nothing is booked, and a person has to look. What has gone back since is heard of at once.
    Of a failure the customer is told by mail, and may pay again.
    """
    record_outcome(attempt_id=attempt_id, settlement=settlement, keep=True, tell=True)
    attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
    if settlement.outcome == "captured" and attempt.state not in comparing.TAKEN:
        misfit = what_does_not_fit(attempt.order, attempt, settlement)
        reason = f"the payment provider: {misfit}"
        raise Bury(reason, cause=NOT_OURS)
    if settlement.returned_cents:
        hear_of_refunds(provider_ref=attempt.provider_ref)


def patience(attempt: PaymentAttempt) -> float:
    """Seconds until the next question: a third of the attempt's age, within the bounds."""
    age = (datetime.now(UTC) - (attempt.bank_since or attempt.created_at)).total_seconds()
    return min(max(age / 3, SOONEST), LATEST)


def settle_stale_payments() -> None:
    """Have every attempt asked about that was begun and left: its process died on the way.

    And give up what was held or kept for a customer who did not come back.
    """
    for attempt in unanswered_attempts(older_than=STALE_AFTER):
        with unless_held_up(attempt):
            services.mark_unknown(attempt_id=attempt.pk)
            crashpoint("stale_found")
    for attempt in held_attempts(older_than=HELD_FOR)[:AT_ONCE]:
        with unless_held_up(attempt):
            if beginning.give_up(attempt_id=attempt.pk):
                record_outcome(attempt_id=attempt.pk, settlement=NEVER_TRIED)
    for order in trying_again.kept_too_long()[:AT_ONCE]:
        with unless_held_up(order):
            let_go(order_id=order.pk)


NEVER_TRIED = Settlement(
    outcome="failed", reason="The payment provider could not be reached in time."
)
