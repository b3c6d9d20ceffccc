"""What leaves the house, at the desk: mails as sent, where webhooks go, and each delivery."""

from notifications.admin import deliveries, endpoints, mails

__all__ = ["deliveries", "endpoints", "mails"]
