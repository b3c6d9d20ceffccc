"""What happens to endpoints, and what is asked for them."""

from deferral.events import DomainEvent, event


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
