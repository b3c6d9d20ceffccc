"""Who is told what when something has happened."""

from notifications.handlers import campaigns, orders, reports, uploads

__all__ = ["campaigns", "orders", "reports", "uploads"]
