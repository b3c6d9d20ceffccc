"""One at a time: the order's row lock serialises everything that settles one of its payments."""

from orders.models import Order, PaymentAttempt


def locked_attempt(attempt_id: int) -> tuple[Order, PaymentAttempt]:
    """Both as they are now, and stay until the caller's transaction ends."""
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    attempt.refresh_from_db()
    return order, attempt


def locked_payment(payment_id: int) -> PaymentAttempt:
    """As it is now, with its order, whose row lock serialises everything about its money."""
    payment = PaymentAttempt.objects.get(pk=payment_id)
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    payment.refresh_from_db()
    payment.order = order
    return payment
