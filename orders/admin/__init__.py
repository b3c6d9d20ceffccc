"""The admin of the orders: found, read whole, cancelled and refunded; never edited."""

from orders.admin import books, orders, payments, today

__all__ = ["books", "orders", "payments", "today"]
