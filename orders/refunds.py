"""Having the provider give money back: it first, our books with the job's `done`."""

from datetime import UTC, datetime, timedelta

import stripe
import structlog

from deferral.breakers import Call
from deferral.crashpoints import crashpoint
from deferral.errors import Bury, Retry
from deferral.tasks import finishing
from orders import gateway, money_back
from orders.errors import PaymentUnavailable
from orders.gateway import REFUSED
from orders.models import Refund
from orders.paying import asking_provider, tell_breaker

log = structlog.get_logger(__name__)

# All of it went back already: our commit was lost and the provider has forgotten our key since, or
# somebody did it in the provider's own dashboard.
ALREADY_REFUNDED = "charge_already_refunded"
# About this refund, and final. What else is refused (401, 403) is about us: replay when mended.
FINAL = frozenset({400, 402, 404})
REFUSAL = "the payment provider refused"
# Stripe keeps keys for a day at least. After that its book is read before anything is asked again.
KEYS_KEPT = timedelta(hours=20)


def refund_payment(*, order_id: int, refund_id: int | None, key: str) -> None:
    """Carry a decision out. Retry when the provider is away, Bury when it refuses.

    Safe to repeat, also when the provider has forgotten the key. A refusal is recorded before the
    job is buried: the provider would say the same again under this key.
    """
    refund = _decided(order_id, refund_id)
    if refund.state == Refund.State.DONE or _was_decided_anew(refund):
        return
    if refund.state == Refund.State.REFUSED:
        msg = f"it was refused ({refund.refusal}): decide again on the order's page"
        raise Bury(msg, cause=REFUSAL)
    is_marked = refund_id is not None
    all_is_back = not _is_back(refund, key) and _give_back(refund, key, is_marked=is_marked)
    crashpoint("refund_accepted")
    with finishing():
        money_back.mark_refund_done(refund_id=refund.pk)
        if all_is_back:
            payment = refund.payment
            money_back.record_given_back(payment_id=payment.pk, cents=payment.amount_cents)


def _decided(order_id: int, refund_id: int | None) -> Refund:
    refund = (
        money_back.take_over(order_id)
        if refund_id is None
        else Refund.objects.select_related("payment__order").get(pk=refund_id)
    )
    if refund is None:
        raise Bury("no money of this order is here to go back")
    return refund


def _was_decided_anew(refund: Refund) -> bool:
    """Whether another took the place of one that was refused."""
    later = Refund.objects.filter(payment=refund.payment_id, pk__gt=refund.pk)
    return refund.state == Refund.State.REFUSED and later.exists()


def _is_back(refund: Refund, key: str) -> bool:
    """Whether we did it so long ago that its key may be forgotten."""
    if datetime.now(UTC) - refund.requested_at < KEYS_KEPT:
        return False
    with asking_provider():
        return gateway.was_refunded(ref=refund.payment.provider_ref, key=key)


def _give_back(refund: Refund, key: str, *, is_marked: bool) -> bool:
    """True when the provider says that the whole payment is back already."""
    with asking_provider() as call:
        try:
            gateway.refund(
                key=key,
                ref=refund.payment.provider_ref,
                order=refund.payment.order.reference,
                amount_cents=refund.amount_cents,
                is_marked=is_marked,
            )
        except stripe.StripeError as error:
            if error.code != ALREADY_REFUNDED:
                raise _outcome(error, call, refund) from error
            log.info("refund_was_made_before", order=refund.payment.order.number)
            return True
    return False


def _outcome(error: stripe.StripeError, call: Call, refund: Refund) -> Bury | Retry:
    words = error.user_message or str(error) or type(error).__name__
    trouble = gateway.trouble_of(error)
    tell_breaker(call, trouble)
    reason = f"the payment provider: {words}"
    if error.http_status in FINAL and not isinstance(error, stripe.IdempotencyError):
        return _refusal(refund, words) or Retry(reason, after=trouble.wish)
    if error.http_status in REFUSED - FINAL:
        return Bury(reason, cause=REFUSAL)
    return Retry(reason, after=trouble.wish)


def _refusal(refund: Refund, words: str) -> Bury | None:
    """Recorded with what is back by now; None while the provider cannot be asked for that."""
    try:
        cents = gateway.given_back(refund.payment.provider_ref)
    except PaymentUnavailable:
        return None
    money_back.mark_refund_refused(refund_id=refund.pk, refusal=words, given_back=cents)
    return Bury(f"the payment provider: {words}", cause=REFUSAL)
