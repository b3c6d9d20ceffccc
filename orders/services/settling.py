"""What came of an attempt to be paid, written down once it is known."""

from datetime import UTC, datetime

from orders.models import Order, PaymentAttempt
from orders.payments.provider.settlements import Settlement


def settle(attempt: PaymentAttempt, state: str, settlement: Settlement) -> None:
    """Save what the provider said of it, and when."""
    attempt.state, attempt.settled_at = state, datetime.now(UTC)
    attempt.reason, attempt.card = settlement.reason[:200], settlement.card
    attempt.provider_ref = settlement.ref or attempt.provider_ref
    attempt.save()


def is_latest(order: Order, attempt: PaymentAttempt) -> bool:
    """Whether no other attempt was begun after this one."""
    return not order.payments.filter(pk__gt=attempt.pk).exists()
