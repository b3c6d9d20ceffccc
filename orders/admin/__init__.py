"""The desk of the orders: found, read whole, cancelled and refunded; never edited."""

from orders.admin import orders, payments

__all__ = ["orders", "payments"]
