"""The admin of the orders: found, read whole, cancelled and refunded; never edited."""

from orders.admin import books, orders, payments, returns, today

__all__ = ["books", "orders", "payments", "returns", "today"]
