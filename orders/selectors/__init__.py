"""Reading orders. Nothing here changes anything."""

from orders.selectors.names import notice_name, report_name
from orders.selectors.orders import current_order, held_order, order_by_id, reference_of
from orders.selectors.payments import (
    REFUSED,
    attempt_key,
    attempts_named,
    captured_payment,
    held_attempts,
    refused_payments,
    unanswered_attempts,
)
from orders.selectors.refunds import (
    came_back_before,
    discarded_refunds,
    in_force,
    orders_with_refunds,
    payments_on_their_way_back,
    refund_by_id,
    refund_key,
    refund_name,
    refunds_of,
    refunds_of_purchase,
    refunds_under_way,
    spoken_for,
)
from orders.selectors.returns import return_by_id, returns_of, spoken_for_by_returns

__all__ = [
    "REFUSED",
    "attempt_key",
    "attempts_named",
    "came_back_before",
    "captured_payment",
    "current_order",
    "discarded_refunds",
    "held_attempts",
    "held_order",
    "in_force",
    "notice_name",
    "order_by_id",
    "orders_with_refunds",
    "payments_on_their_way_back",
    "reference_of",
    "refund_by_id",
    "refund_key",
    "refund_name",
    "refunds_of",
    "refunds_of_purchase",
    "refunds_under_way",
    "refused_payments",
    "report_name",
    "return_by_id",
    "returns_of",
    "spoken_for",
    "spoken_for_by_returns",
    "unanswered_attempts",
]
