"""What people were sent, at the desk: mails as sent."""

from notifications.admin import mails

__all__ = ["mails"]
