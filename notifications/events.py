"""What happens to what we send."""

from deferral.events import DomainEvent, event


@event("notifications.confirmation_incomplete")
class ConfirmationIncomplete(DomainEvent):
    """The confirmation went without these documents, named by their jobs' keys: they follow."""

    order_id: int
    missing: list[str]


@event("notifications.confirmation_asked_again")
class ConfirmationAskedAgain(DomainEvent):
    """Staff want the customer to have the confirmation once more, for the `number`th time.

    The `tag` is this decision's own: after a restore the same number is given again.
    """

    order_id: int
    number: int
    tag: str


@event("notifications.webhook_asked_for")
class WebhookAskedFor(DomainEvent):
    """Somebody wants this webhook sent: it never was, or shall be again under another job's key.

    `order_id` is empty for a test.
    """

    endpoint_id: int
    webhook_id: str
    key: str
    what: str
    order_id: int | None


@event("notifications.recovery_asked_for")
class RecoveryAskedFor(DomainEvent):
    """An endpoint shall get everything since a moment that it did not get. Times are ISO 8601."""

    endpoint_id: int
    since: str
    asked_at: str
    by: str


@event("notifications.endpoint_failing")
class EndpointFailing(DomainEvent):
    """No delivery has succeeded for so many days, since a moment (Unix)."""

    endpoint_id: int
    days: int
    since: int


@event("notifications.endpoint_disabled")
class EndpointDisabled(DomainEvent):
    """Nothing is sent there any more, from a moment on (Unix): it is gone, or failed for long."""

    endpoint_id: int
    at: int
