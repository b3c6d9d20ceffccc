"""What the workers do to tell people things."""

from notifications.tasks import accounts, campaigns, mails, returns, reviews, shipments

__all__ = ["accounts", "campaigns", "mails", "returns", "reviews", "shipments"]
