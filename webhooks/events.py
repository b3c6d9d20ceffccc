"""What happens to endpoints, and what is asked for them."""

from deferral.events import DomainEvent, event


@event("webhooks.webhook_asked_for")
class WebhookAskedFor(DomainEvent):
    """Somebody wants this webhook sent: it never was, or shall be again under another job's key.

    `order_id` is empty for a test.
    """

    endpoint_id: int
    webhook_id: str
    key: str
    what: str
    order_id: int | None


@event("webhooks.recovery_asked_for")
class RecoveryAskedFor(DomainEvent):
    """An endpoint shall get everything since a moment that it did not get. Times are ISO 8601."""

    endpoint_id: int
    since: str
    asked_at: str
    by: str


@event("webhooks.endpoint_failing")
class EndpointFailing(DomainEvent):
    """No delivery has succeeded for so many days, since a moment (Unix)."""

    endpoint_id: int
    days: int
    since: int


@event("webhooks.endpoint_disabled")
class EndpointDisabled(DomainEvent):
    """Nothing is sent there any more, from a moment on (Unix): it is gone, or failed for long."""

    endpoint_id: int
    at: int
