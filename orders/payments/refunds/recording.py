"""What became of money on its way back, written down as the provider says it.

The order's row lock serialises everything here. Never is more recorded as gone than had come; and
what had gone and came back is here again, with everything that was said of it put right.
"""

from datetime import UTC, datetime

import structlog
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now

from deferral.events import publish
from orders.events import (
    OrderNotRefunded,
    OrderRefunded,
    PartlyRefunded,
    RefundCameBack,
    RefundRefused,
)
from orders.models import Order, PaymentAttempt, Refund
from orders.payments.provider.refunds import Returned
from orders.selectors import came_back_before, captured_payment

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
        _undo(refund, State.REFUSED, refusal)
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
        _settle(refund)
    else:
        _undo(refund, answer.state, answer.why or NO_REASON)


def _adds_up(refund: Refund, answer: Returned) -> bool:
    """Whether it is the sum that was decided, and no more is gone than had come."""
    is_sum = refund.amount_cents == answer.cents or refund.by == ELSEWHERE
    return is_sum and refund.amount_cents <= refund.payment.amount_cents - _gone(refund.payment)


def _gone(payment: PaymentAttempt) -> int:
    done = payment.refunds.filter(state=State.DONE)
    return done.aggregate(cents=Sum("amount_cents"))["cents"] or 0


def _settle(refund: Refund) -> None:
    refund.state, refund.settled_at = State.DONE, datetime.now(UTC)
    refund.save(update_fields=["state", "settled_at"])
    _count(refund.payment)
    _announce(refund.payment.order, refund.payment, refund)


def _count(payment: PaymentAttempt) -> None:
    """How much went back, and what the payment is by that."""
    payment.refunded_cents = _gone(payment)
    is_whole = payment.refunded_cents == payment.amount_cents
    payment.state = PaymentAttempt.State.REFUNDED if is_whole else PaymentAttempt.State.CAPTURED
    payment.save(update_fields=["refunded_cents", "state"])


def _announce(order: Order, payment: PaymentAttempt, refund: Refund) -> None:
    if order.state not in {Order.State.PAID, Order.State.CANCELLED}:
        return  # there is nothing to give back but the money
    if payment != captured_payment(order.pk):
        return  # the order was paid by another
    fact: OrderRefunded | PartlyRefunded
    if payment.state != PaymentAttempt.State.REFUNDED:
        fact = PartlyRefunded(order_id=order.pk, refund_id=refund.pk)
    else:
        order.move_to(Order.State.REFUNDED)
        order.refunded_at = refund.settled_at
        order.closed_at = order.closed_at or order.refunded_at
        if not order.is_closing:
            order.closed_by, order.closed_reason = refund.by, refund.reason
        order.save(
            update_fields=["state", "closed_at", "refunded_at", "closed_by", "closed_reason"]
        )
        again = refund.tag if came_back_before(order.pk, refund.pk) else ""
        fact = OrderRefunded(order_id=order.pk, refund_id=refund.pk, again=again)
    publish(fact, subject=order.subject)


def _undo(refund: Refund, state: str, why: str) -> None:
    """The money stays, or is here again."""
    was_done, now = refund.state == State.DONE, datetime.now(UTC)
    refund.state, refund.refusal = state, why[:300]
    refund.settled_at = refund.settled_at or now
    refund.came_back_at = now if was_done else None
    refund.save(update_fields=["state", "refusal", "settled_at", "came_back_at"])
    order, fact = refund.payment.order, RefundCameBack if was_done else RefundRefused
    if was_done:
        _count(refund.payment)
    _reopen(order, refund)
    publish(fact(order_id=order.pk, refund_id=refund.pk), subject=order.subject)


def _reopen(order: Order, refund: Refund) -> None:
    """All of it is not going back any more. What a refunded order was for stays given up.

    Nothing where another payment has paid it.
    """
    if refund.payment != captured_payment(order.pk):
        return
    if order.state == Order.State.PAID:
        order.closed_by = order.closed_reason = ""
    elif order.state == Order.State.REFUNDED:
        order.was_not_refunded()
    order.save(update_fields=["state", "refunded_at", "closed_by", "closed_reason"])
    if refund.came_back_at and order.state != Order.State.PAYMENT_FAILED:
        fact = OrderNotRefunded(order_id=order.pk, again=refund.tag)
        publish(fact, subject=order.subject)


def _locked(refund_id: int) -> Refund:
    payment = locked_payment(Refund.objects.get(pk=refund_id).payment_id)
    refund = Refund.objects.get(pk=refund_id)
    refund.payment = payment
    return refund


def locked_payment(payment_id: int) -> PaymentAttempt:
    """As it is now, with its order, whose row lock serialises everything about its money."""
    payment = PaymentAttempt.objects.get(pk=payment_id)
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    payment.refresh_from_db()
    payment.order = order
    return payment
