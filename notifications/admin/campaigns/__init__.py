"""Campaigns and the newsletter in the admin."""

from notifications.admin.campaigns import campaigns, recipients, subscriptions, under_way

__all__ = ["campaigns", "recipients", "subscriptions", "under_way"]
