"""The admin of the orders: found, read whole, cancelled and refunded, their parcels put right."""

from orders.admin import books, misfits, orders, payments, returns, shipments, today, under_way

__all__ = [
    "books",
    "misfits",
    "orders",
    "payments",
    "returns",
    "shipments",
    "today",
    "under_way",
]
