"""Webhooks in the admin: where they go, and each delivery."""

from webhooks.admin import deliveries, endpoints

__all__ = ["deliveries", "endpoints"]
