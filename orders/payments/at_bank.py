"""A customer was sent to their bank, which asks whether it is them (3-D Secure)."""

from datetime import UTC, datetime

from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.events import publish
from orders.events import PaymentAtBank
from orders.locking import locked_attempt
from orders.models import Order, PaymentAttempt

State = PaymentAttempt.State


@transaction.atomic
def mark_at_bank(*, attempt_id: int) -> Order:
    """Record it, and that somebody must ask what came of it. A second call changes nothing."""
    order, attempt = locked_attempt(attempt_id)
    if attempt.state not in {State.REQUESTED, State.UNKNOWN}:
        return order
    if order.state == Order.State.PAYMENT_UNKNOWN:
        order.move_to(Order.State.AWAITING_PAYMENT)
        order.save(update_fields=["state"])
    attempt.state, attempt.bank_since = State.AT_BANK, datetime.now(UTC)
    attempt.save(update_fields=["state", "bank_since"])
    publish(PaymentAtBank(order_id=order.pk, attempt_id=attempt.pk), subject=order.subject)
    crashpoint("bank_written")
    return order
