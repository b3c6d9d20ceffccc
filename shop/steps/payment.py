"""The first step: the money."""

from orders.models import Order, PaymentAttempt
from shop.notes import DEAD, DONE, RETRYING, RUNNING, WAITING
from shop.steps.step import Step
from shop.wording import duration, euros

TOO_LATE = "Your payment reached us after the order had been given up."
HELD = (
    "Payments do not get through at the moment, and nothing was charged. What you chose is set "
    "aside for a few minutes: please go to the checkout again, and press the button there."
)
AT_BANK = "Waiting for your answer to your bank. Nothing is charged before."
UNKNOWN = (
    "We do not know yet whether your card was charged. The payment provider has not told us; we "
    "are asking it, and this page will tell you. Please do not pay again."
)


def payment_step(order: Order, attempt: PaymentAttempt | None) -> Step:
    """The first step: what is known about the money."""
    card = attempt.card if attempt else ""
    paid = " · ".join(part for part in (card, euros(order.total_cents), back_of(attempt)) if part)
    took = duration(order.paid_at - order.created_at) if order.paid_at else ""
    title, state, note = {
        Order.State.AWAITING_PAYMENT: ("Payment", RUNNING, "Your card is being charged."),
        Order.State.PAYMENT_UNKNOWN: ("Payment", RETRYING, UNKNOWN),
        Order.State.PAYMENT_FAILED: ("Payment failed", DEAD, failure_of(attempt)),
    }.get(Order.State(order.state), ("Payment received", DONE, paid))
    if order.is_free:
        title, note, took = "Nothing to pay", "This order is free of charge.", ""
    if attempt and attempt.state == PaymentAttempt.State.HELD:
        state, note = WAITING, HELD
    if attempt and attempt.state == PaymentAttempt.State.AT_BANK:
        state, note = WAITING, AT_BANK
    return Step(slug="payment", title=title, state=state, note=note, aside=took)


def back_of(attempt: PaymentAttempt | None) -> str:
    """How much of the money went back, while some of it did not."""
    back = attempt.refunded_cents if attempt else 0
    return f"{euros(back)} of it went back" if attempt and 0 < back < attempt.amount_cents else ""


def failure_of(attempt: PaymentAttempt | None) -> str:
    """Why an order is not paid, and where the money is."""
    if attempt and attempt.state == PaymentAttempt.State.CAPTURED:
        return f"{TOO_LATE} It goes back to you."
    if attempt and attempt.state == PaymentAttempt.State.REFUNDED:
        return f"{TOO_LATE} It went back to you."
    reason = attempt.reason if attempt else ""
    is_said = "Nothing was charged" in reason
    return reason if is_said else f"{reason} Nothing was charged.".strip()
