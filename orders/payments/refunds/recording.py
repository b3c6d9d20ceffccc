"""What became of money on its way back, written down as the provider says it.

The order's row lock serialises everything here. Never is more recorded as gone than had come; and
what had gone and came back is here again, with everything that was said of it put right.
"""

from datetime import UTC, datetime

import structlog
from django.db import transaction
from django.db.models.functions import Now

from orders.locking import locked_payment
from orders.models import Refund
from orders.payments.provider.refunds import Returned
from orders.payments.refunds.done import gone_of, mark_done
from orders.payments.refunds.undone import undo

log = structlog.get_logger(__name__)

State = Refund.State
# Who decided where none of our staff did.
ELSEWHERE = "the provider's dashboard"
# Where the provider gives no reason.
NO_REASON = "no reason was given"


@transaction.atomic
def record_answer(*, refund_id: int, answer: Returned) -> Refund:
    """Record how a refund stands, with what has to be announced of it. Again: nothing changes."""
    refund = _locked(refund_id)
    apply(refund, answer)
    return refund


@transaction.atomic
def mark_refund_refused(*, refund_id: int, refusal: str) -> Refund:
    """Record that the provider never took it on, and why; staff are told. Again: no change."""
    refund = _locked(refund_id)
    if refund.may_become(State.REFUSED):
        undo(refund, State.REFUSED, refusal)
    return refund


def note_asked(payment_id: int) -> None:
    """The provider was asked about what is on its way of this payment."""
    on_its_way = Refund.objects.filter(payment=payment_id, state=State.PENDING)
    on_its_way.update(asked_at=Now())


def apply(refund: Refund, answer: Returned) -> None:
    """Record how it stands. Whoever calls has its order locked, and both rows at hand."""
    if answer.ref and refund.provider_ref != answer.ref:
        refund.provider_ref = answer.ref
        refund.save(update_fields=["provider_ref"])
    if not refund.may_become(answer.state):
        return
    if answer.is_alive and not _adds_up(refund, answer):
        log.error("refund_does_not_add_up", refund=refund.pk, ref=answer.ref, cents=answer.cents)
    elif answer.state == State.PENDING:
        refund.state, refund.asked_at = State.PENDING, datetime.now(UTC)
        refund.save(update_fields=["state", "asked_at"])
    elif answer.state == State.DONE:
        mark_done(refund)
    else:
        undo(refund, answer.state, answer.why or NO_REASON)


def _adds_up(refund: Refund, answer: Returned) -> bool:
    """Whether it is the sum that was decided, and no more is gone than had come."""
    is_sum = refund.amount_cents == answer.cents or refund.by == ELSEWHERE
    return is_sum and refund.amount_cents <= refund.payment.amount_cents - gone_of(refund.payment)


def _locked(refund_id: int) -> Refund:
    payment = locked_payment(Refund.objects.get(pk=refund_id).payment_id)
    refund = Refund.objects.get(pk=refund_id)
    refund.payment = payment
    return refund
