"""What people are sent, in the admin: campaigns, and mails as sent."""

from notifications.admin import campaigns, mails, sms

__all__ = ["campaigns", "mails", "sms"]
