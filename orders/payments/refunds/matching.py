"""The provider's refunds of a payment beside ours: which is which, and what is nobody's."""

from collections.abc import Iterable

from django.db import transaction

from orders.locking import locked_payment
from orders.models import PaymentAttempt, Refund
from orders.payments.provider.refunds import Returned
from orders.payments.refunds.recording import ELSEWHERE, apply
from orders.selectors import spoken_for

State = Refund.State
FOUND = "It was found there."


@transaction.atomic
def record_returned(*, payment_id: int, found: Iterable[Returned]) -> None:
    """Everything that the provider knows to have gone back of a payment: record what is new of it.

    What we have asked for is known again by the provider's name or our key, however late; what is
    not ours, somebody had done in the provider's dashboard. Safe to repeat, in any order.
    """
    payment = locked_payment(payment_id)
    known = _known(payment)
    theirs = _of(payment, found)
    alive = sum(one.cents or 0 for one in theirs if one.is_alive)
    others = [one for one in theirs if not _recognised(known, one)]
    elsewhere = min(alive, payment.amount_cents) - spoken_for(payment)
    for one in others:
        cents = min(one.cents or 0, elsewhere) if one.is_alive else 0
        if cents > 0:
            elsewhere -= cents
            _record_elsewhere(payment, one, cents)


def _of(payment: PaymentAttempt, found: Iterable[Returned]) -> list[Returned]:
    """Each of this payment's once; what is alive first: of two that look alike, that is ours."""
    named = {one.ref: one for one in found if one.ref}
    theirs = [one for one in named.values() if one.payment in {"", payment.provider_ref}]
    return sorted(theirs, key=lambda one: not one.is_alive)


def _known(payment: PaymentAttempt) -> list[Refund]:
    """What may be found there: not what it refused, or staff gave up."""
    found = list(payment.refunds.exclude(state__in=[State.REFUSED, State.GIVEN_UP]))
    for refund in found:
        refund.payment = payment
    return found


def _recognised(known: list[Refund], one: Returned) -> bool:
    """Apply what is said of one that we have a row of; each row is found once."""
    refund = next((row for row in known if _is_same(row, one)), None)
    if refund is None:
        return False
    known.remove(refund)
    apply(refund, one)
    return True


def _is_same(refund: Refund, one: Returned) -> bool:
    if refund.provider_ref:
        return refund.provider_ref == one.ref
    return bool(one.key) and refund.key == one.key


def _record_elsewhere(payment: PaymentAttempt, one: Returned, cents: int) -> None:
    refund = Refund.objects.create(payment=payment, amount_cents=cents, by=ELSEWHERE, reason=FOUND)
    apply(refund, one)
