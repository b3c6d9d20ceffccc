"""What the workers do to tell people things."""

from notifications.tasks import campaigns, mails

__all__ = ["campaigns", "mails"]
