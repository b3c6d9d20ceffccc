"""Campaigns and the newsletter in the admin."""

from notifications.admin.campaigns import campaigns, recipients, subscriptions

__all__ = ["campaigns", "recipients", "subscriptions"]
