"""The desk of the orders: found, read whole, cancelled and refunded; never edited."""

from orders.admin import orders, payments, today

__all__ = ["orders", "payments", "today"]
