"""What the workers do to tell people things."""

from notifications.tasks import accounts, campaigns, finding, mails, my_data, reviews

__all__ = ["accounts", "campaigns", "finding", "mails", "my_data", "reviews"]
