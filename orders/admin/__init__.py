"""The admin of the orders: found, read whole, cancelled and refunded, their parcels put right."""

from orders.admin import (
    books,
    consignments,
    misfits,
    orders,
    payments,
    returns,
    shipments,
    today,
    under_way,
)

__all__ = [
    "books",
    "consignments",
    "misfits",
    "orders",
    "payments",
    "returns",
    "shipments",
    "today",
    "under_way",
]
