"""What the workers do to tell people things."""

from notifications.tasks import accounts, campaigns, mails, reviews

__all__ = ["accounts", "campaigns", "mails", "reviews"]
