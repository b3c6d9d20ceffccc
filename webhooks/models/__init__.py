"""To whom webhooks go, and what came of each. Only this app writes these tables."""

from webhooks.models.deliveries import Delivery, DeliveryAttempt
from webhooks.models.endpoints import Endpoint

__all__ = [
    "Delivery",
    "DeliveryAttempt",
    "Endpoint",
]
