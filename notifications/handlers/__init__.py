"""Who is told what when something has happened."""

from notifications.handlers import (
    accounts,
    campaigns,
    contact,
    finding,
    my_data,
    orders,
    reports,
    returns,
    reviews,
    shipments,
    uploads,
)

__all__ = [
    "accounts",
    "campaigns",
    "contact",
    "finding",
    "my_data",
    "orders",
    "reports",
    "returns",
    "reviews",
    "shipments",
    "uploads",
]
