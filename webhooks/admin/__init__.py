"""Webhooks at the desk: where they go, and each delivery."""

from webhooks.admin import deliveries, endpoints

__all__ = ["deliveries", "endpoints"]
