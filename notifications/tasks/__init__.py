"""What the workers do to tell people things."""

from notifications.tasks import accounts, campaigns, contact, mails, reviews, shipments

__all__ = ["accounts", "campaigns", "contact", "mails", "reviews", "shipments"]
