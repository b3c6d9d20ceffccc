"""Who is told what when something has happened."""

from notifications.handlers import campaigns, orders, reports

__all__ = ["campaigns", "orders", "reports"]
