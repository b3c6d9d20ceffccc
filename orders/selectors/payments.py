"""Attempts to be paid."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from orders.errors import PaymentRefused
from orders.models import PaymentAttempt

# What stands in an attempt that the provider has refused for good.
REFUSED = str(PaymentRefused())


def captured_payment(order_id: int) -> PaymentAttempt | None:
    """The attempt whose money we have, or had: the last, for what came too late goes back."""
    return captured_payments(order_id).last()


def captured_payments(order_id: int) -> QuerySet[PaymentAttempt]:
    """Every attempt whose money we have, or had."""
    states = [PaymentAttempt.State.CAPTURED, PaymentAttempt.State.REFUNDED]
    return PaymentAttempt.objects.filter(order_id=order_id, state__in=states)


def unanswered_attempts(*, older_than: timedelta) -> QuerySet[PaymentAttempt]:
    """Attempts that were begun and never settled: whoever made them may be dead."""
    return PaymentAttempt.objects.filter(
        state=PaymentAttempt.State.REQUESTED, created_at__lt=Now() - older_than
    ).select_related("order")


def held_attempts(*, older_than: timedelta) -> QuerySet[PaymentAttempt]:
    """Attempts that wait for the provider's breaker, and for their customer to come back."""
    return PaymentAttempt.objects.filter(
        state=PaymentAttempt.State.HELD, created_at__lt=Now() - older_than
    )


def attempts_named(provider_ref: str) -> QuerySet[PaymentAttempt]:
    """The attempt that the provider knows by this name, if it is one of ours."""
    return PaymentAttempt.objects.filter(provider_ref=provider_ref).exclude(provider_ref="")


def attempt_key(attempt_id: int) -> UUID:
    """The key of a charge: random, and of that attempt alone."""
    return PaymentAttempt.objects.only("key").get(pk=attempt_id).key


def refused_payments(*, since: timedelta) -> int:
    """How many payments the provider has refused for good since then, which is ours to mend."""
    lately = PaymentAttempt.objects.filter(order__created_at__gt=Now() - since)
    return lately.filter(state=PaymentAttempt.State.FAILED, reason=REFUSED).count()
