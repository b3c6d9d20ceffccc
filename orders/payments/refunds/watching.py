"""What became of money that is on its way back, or was: asked of the provider, and recorded."""

from datetime import datetime, timedelta

import structlog

from orders.errors import PaymentUnavailable
from orders.models import PaymentAttempt
from orders.payments.asking import asking_provider
from orders.payments.provider import refunds
from orders.payments.refunds import matching, recording
from orders.selectors import payments_on_their_way_back

log = structlog.get_logger(__name__)

# One on its way is asked about after a tenth of its age: soon at first, later a few times a day.
SOONEST, LATEST = timedelta(minutes=10), timedelta(hours=6)


def hear_of_refunds(*, provider_ref: str) -> None:
    """Ask how every refund of a payment stands, and record what is new of it. PaymentUnavailable.

    Safe to repeat, and beside our own refunds: by a notice, on a schedule, after a comparison.
    """
    payments = PaymentAttempt.objects.filter(provider_ref=provider_ref).exclude(provider_ref="")
    taken = {PaymentAttempt.State.CAPTURED, PaymentAttempt.State.REFUNDED}
    for payment in payments.filter(state__in=taken):
        with asking_provider():
            found = refunds.refunds_of(provider_ref)
        matching.record_returned(payment_id=payment.pk, found=found)
        recording.note_asked(payment.pk)


def ask_about_refunds(*, now: datetime) -> int:
    """Ask about each payment whose money is on its way and that is due; return how many.

    One that cannot be understood keeps none of the others from being asked about.
    """
    due = [one for one in payments_on_their_way_back() if _is_due(one, now)]
    for payment in due:
        try:
            hear_of_refunds(provider_ref=payment.provider_ref)
        except PaymentUnavailable as error:
            log.warning("refund_not_heard_of", ref=payment.provider_ref, error=str(error))
            recording.note_asked(payment.pk)
    return len(due)


def _is_due(payment: PaymentAttempt, now: datetime) -> bool:
    began, asked = payment.began_at, payment.asked_at  # type: ignore[attr-defined]  # annotated
    pause = min(max((now - began) / 10, SOONEST), LATEST)
    return asked is None or asked + pause <= now
