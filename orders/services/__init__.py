"""What can be done with orders. Each verb owns its transaction unless it says otherwise.

Giving money back is `payments.refunds`.
"""

from orders.services.decided import cancel_order, correct_email
from orders.services.paid import mark_free, mark_paid
from orders.services.unpaid import mark_failed, mark_unknown

__all__ = [
    "cancel_order",
    "correct_email",
    "mark_failed",
    "mark_free",
    "mark_paid",
    "mark_unknown",
]
