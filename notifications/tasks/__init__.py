"""What the workers do to tell people things."""

from notifications.tasks import accounts, campaigns, mails, returns, reviews

__all__ = ["accounts", "campaigns", "mails", "returns", "reviews"]
