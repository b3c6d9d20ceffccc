"""No money came, or nobody knows."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.events import publish
from orders.events import PaymentFailed, PaymentUnknown
from orders.locking import locked_attempt
from orders.models import Order, PaymentAttempt
from orders.payments.provider.settlements import Settlement
from orders.services.settling import is_latest, settle

UNSETTLED = frozenset(
    {
        PaymentAttempt.State.REQUESTED,
        PaymentAttempt.State.HELD,
        PaymentAttempt.State.UNKNOWN,
        PaymentAttempt.State.AT_BANK,
    }
)


@transaction.atomic
def mark_failed(
    *, attempt_id: int, settlement: Settlement, keep: timedelta | None = None, tell: bool = False
) -> Order:
    """Record that no money came. Changes nothing a second time, or when the money is there.

    For `keep`, counted from the first failure, the order can be paid again. `tell`: its customer is
    not here to read this, and gets a mail.
    """
    order, attempt = locked_attempt(attempt_id)
    if attempt.state not in UNSETTLED:
        return order
    settle(attempt, PaymentAttempt.State.FAILED, settlement)
    if not is_latest(order, attempt):
        return order
    order.move_to(Order.State.PAYMENT_FAILED)
    if keep is not None:
        order.kept_until = order.kept_until or datetime.now(UTC) + keep
    order.save(update_fields=["state", "kept_until"])
    if tell:
        publish(PaymentFailed(order_id=order.pk, attempt_id=attempt.pk), subject=order.subject)
    crashpoint("failure_written")
    return order


@transaction.atomic
def mark_unknown(*, attempt_id: int) -> Order:
    """Record that nobody knows, and that somebody must ask. A second call changes nothing."""
    order, attempt = locked_attempt(attempt_id)
    if attempt.state != PaymentAttempt.State.REQUESTED:
        return order
    order.move_to(Order.State.PAYMENT_UNKNOWN)
    order.save(update_fields=["state"])
    attempt.state = PaymentAttempt.State.UNKNOWN
    attempt.save(update_fields=["state"])
    publish(PaymentUnknown(order_id=order.pk, attempt_id=attempt.pk), subject=order.subject)
    crashpoint("unknown_written")
    return order
