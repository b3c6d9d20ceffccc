"""To whom webhooks go, and what came of each. Only this app writes these tables."""

from webhooks.models.deliveries import Delivery, DeliveryAttempt
from webhooks.models.endpoints import MOST_AT_ONCE, Endpoint

__all__ = [
    "MOST_AT_ONCE",
    "Delivery",
    "DeliveryAttempt",
    "Endpoint",
]
