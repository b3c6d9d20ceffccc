"""Our refunds beside the provider's, both ways."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from orders.models import PaymentAttempt, Refund
from orders.payments.provider import refunds
from orders.payments.provider.refunds import Returned
from orders.payments.reconciliation.findings import (
    REFUND_NOT_THERE,
    REFUND_STANDS_OTHERWISE,
    Finding,
)

# A clock that is not ours: what was made at one end of the days may be on the other side there.
MARGIN = timedelta(hours=1)


def compare_refunds(since: datetime, until: datetime) -> Iterator[Finding]:
    """Every refund of these days that stands otherwise there, or is not there at all.

    Of payments that are ours. PaymentUnavailable.
    """
    around = refunds.refunds_between(since - MARGIN, until + MARGIN)
    theirs = {one.ref: one for one in around if one.ref}
    named = {one.payment for one in theirs.values()} - {""}
    found = PaymentAttempt.objects.filter(provider_ref__in=named).select_related("order")
    payments = {payment.provider_ref: payment for payment in found}
    rows = Refund.objects.filter(provider_ref__in=theirs)
    ours = {refund.provider_ref: refund for refund in rows}
    for one in theirs.values():
        if one.payment in payments and not _stand_alike(ours.get(one.ref), one):
            yield _about(payments[one.payment], ours.get(one.ref), one)
    moved = [Refund.State.PENDING, Refund.State.DONE]
    days = Refund.objects.filter(requested_at__gte=since, requested_at__lt=until)
    lost = days.filter(state__in=moved).exclude(provider_ref="").exclude(provider_ref__in=theirs)
    for refund in lost.select_related("payment__order"):
        yield _about(refund.payment, refund, None)


def _stand_alike(ours: Refund | None, theirs: Returned) -> bool:
    return ours.state == theirs.state if ours else not theirs.is_alive


def _about(payment: PaymentAttempt, ours: Refund | None, theirs: Returned | None) -> Finding:
    return Finding(
        what=REFUND_STANDS_OTHERWISE if theirs else REFUND_NOT_THERE,
        ref=payment.provider_ref,
        order=payment.order.number,
        ours=ours.amount_cents if ours and ours.state in Refund.MOVING else None,
        theirs=theirs.cents if theirs and theirs.is_alive else None,
    )
