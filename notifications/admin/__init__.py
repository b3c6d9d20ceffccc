"""What people were sent, in the admin: mails as sent."""

from notifications.admin import mails

__all__ = ["mails"]
