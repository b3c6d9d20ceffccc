"""Orders, their lines, and each attempt to be paid. Money is integer cents, tax included."""

from orders.models.lines import OrderLine
from orders.models.order import Order, new_link_token
from orders.models.payments import PaymentAttempt
from orders.models.reconciliation import Reconciliation
from orders.models.refunds import Refund, RefundLine
from orders.models.returns import Return, ReturnLine

__all__ = [
    "Order",
    "OrderLine",
    "PaymentAttempt",
    "Reconciliation",
    "Refund",
    "RefundLine",
    "Return",
    "ReturnLine",
    "new_link_token",
]
