"""Having the provider give money back: it first, our books with the job's `done`."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog

from deferral.crashpoints import crashpoint
from deferral.errors import Bury, Retry
from deferral.tasks import finishing
from orders.errors import PaymentUnavailable
from orders.models import Refund
from orders.payments.asking import asking_provider
from orders.payments.provider import refunds
from orders.payments.provider.answers import KEY_REUSED, REFUSED
from orders.payments.provider.refunds import Returned
from orders.payments.refunds import matching, recording
from orders.selectors import refund_by_id

log = structlog.get_logger(__name__)

State = Refund.State
# All of it went back already: our commit was lost and the provider has forgotten our key since, or
# somebody did it in the provider's own dashboard.
ALREADY_REFUNDED = "charge_already_refunded"
# About this refund, and final. What else is refused (401, 403) is about us: replay when mended.
FINAL = frozenset({400, 402, 404})
REFUSAL = "the payment provider refused"
# Stripe keeps keys for a day at least. After that its book is read before anything is asked again.
KEYS_KEPT = timedelta(hours=20)


def refund_payment(*, refund_id: int, key: str) -> None:
    """Carry a decision out. Retry when the provider is away, Bury when nothing comes of it.

    Safe to repeat, also when the provider has forgotten the key. It is done when the provider has
    taken it on: that it is on its way is not that it is back. What came to nothing is recorded
    before the job is buried: the provider would say the same again under this key.
    """
    refund = refund_by_id(refund_id)
    if refund.state in {State.DONE, State.PENDING} or _was_decided_anew(refund):
        return
    if refund.state in Refund.UNDONE:
        raise _nothing_came(refund)
    known, answer = _answer(refund, key)
    crashpoint("refund_accepted")
    if not answer.is_alive:
        raise _nothing_came(recording.record_answer(refund_id=refund.pk, answer=answer))
    with finishing():
        _record(refund, answer)
        if known:
            matching.record_returned(payment_id=refund.payment_id, found=known)


def _was_decided_anew(refund: Refund) -> bool:
    """Whether another took the place of one that came to nothing."""
    later = Refund.objects.filter(payment=refund.payment_id, pk__gt=refund.pk)
    return refund.state in Refund.UNDONE and later.exists()


def _answer(refund: Refund, key: str) -> tuple[Sequence[Returned], Returned]:
    """How it stands; and what else is known of the payment's refunds, where that was asked for."""
    try:
        return _asked(refund, key)
    except PaymentUnavailable as error:
        raise Retry(
            _reason(error), after=error.retry_after, failure_kind=error.failure_kind
        ) from error


def _asked(refund: Refund, key: str) -> tuple[Sequence[Returned], Returned]:
    ref = refund.payment.provider_ref
    with asking_provider():
        known: Sequence[Returned] = refunds.refunds_of(ref) if _is_old(refund) else ()
        if ours := _ours(known, key):
            return known, ours
        try:
            return (), refunds.refund(
                key=key,
                ref=ref,
                order=refund.payment.order.reference,
                amount_cents=refund.amount_cents,
            )
        except PaymentUnavailable as error:
            known = _after(error, refund)
    return known, _ours(known, key) or _as_one(known, refund)


def _is_old(refund: Refund) -> bool:
    """Whether we may have done it so long ago that its key is forgotten."""
    return datetime.now(UTC) - refund.requested_at >= KEYS_KEPT


def _ours(known: Sequence[Returned], key: str) -> Returned | None:
    return next((one for one in known if one.key == key), None)


def _as_one(known: Sequence[Returned], refund: Refund) -> Returned:
    """Of a payment that is back already, by whatever refunds: as good as ours."""
    alive = [one for one in known if one.is_alive]
    state = State.PENDING if any(one.state == State.PENDING for one in alive) else State.DONE
    same = next((one.ref for one in alive if one.cents == refund.amount_cents), "")
    ref = refund.payment.provider_ref
    return Returned(ref=same, payment=ref, key="", state=state, cents=refund.amount_cents)


def _after(error: PaymentUnavailable, refund: Refund) -> Sequence[Returned]:
    """What is back by now, where the provider says that all of it is. Retry or Bury otherwise."""
    if error.code == ALREADY_REFUNDED:
        log.info("refund_was_made_before", order=refund.payment.order.number)
        return refunds.refunds_of(refund.payment.provider_ref)
    if error.status in FINAL and error.kind != KEY_REUSED:
        raise _refusal(refund, error) from error
    if error.status in REFUSED - FINAL:
        raise Bury(_reason(error), cause=REFUSAL) from error
    raise error


def _refusal(refund: Refund, error: PaymentUnavailable) -> Bury:
    """Recorded with what is back by now: it may have refused because somebody was quicker."""
    known = refunds.refunds_of(refund.payment.provider_ref)
    recording.mark_refund_refused(refund_id=refund.pk, refusal=error.words or str(error))
    matching.record_returned(payment_id=refund.payment_id, found=known)
    return Bury(_reason(error), cause=REFUSAL)


def _record(refund: Refund, answer: Returned) -> None:
    recorded = recording.record_answer(refund_id=refund.pk, answer=answer)
    if recorded.state in Refund.UNDONE:  # a notice was quicker
        raise _nothing_came(recorded)
    if recorded.state == State.REQUESTED:
        msg = "the payment provider gave back what does not add up"
        raise Bury(msg)


def _nothing_came(refund: Refund) -> Bury:
    happened = "was refused" if refund.state == State.REFUSED else refund.get_state_display()
    msg = f"it {happened} ({refund.refusal}): decide again on the order's page"
    return Bury(msg, cause=REFUSAL)


def _reason(error: PaymentUnavailable) -> str:
    return f"the payment provider: {error.words or error}"
