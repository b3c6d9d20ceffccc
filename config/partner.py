"""The partner of the settings is the first endpoint for webhooks: made by every `migrate`.

Where there is a row already it stays as it is: from then on it is managed in the admin. Without a
PARTNER_URL there is none, and endpoints are made in the admin alone.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings

SLUG = "partner"
EVENTS = [
    "order.completed",
    "order.cancelled",
    "order.refunded",
    "order.partly_refunded",
    "order.refund_failed",
]


def make_partner(sender: AppConfig, **kwargs: Any) -> None:
    """Once the tables of `webhooks` are there. Safe to repeat."""
    if sender.label != "webhooks" or not settings.PARTNER_URL:
        return
    try:
        endpoints = kwargs.get("apps", apps).get_model("webhooks", "Endpoint")
    except LookupError:  # migrated to a time before there were any
        return
    first = {
        "url": settings.PARTNER_URL,
        "secret": settings.PARTNER_WEBHOOK_SECRET,
        "events": EVENTS,
    }
    endpoints.objects.get_or_create(slug=SLUG, defaults=first)
