"""Who is told what when something has happened."""

from notifications.handlers import (
    accounts,
    campaigns,
    contact,
    orders,
    reports,
    reviews,
    shipments,
    uploads,
)

__all__ = [
    "accounts",
    "campaigns",
    "contact",
    "orders",
    "reports",
    "reviews",
    "shipments",
    "uploads",
]
