"""What happens to messages. Payloads are ids; subscribers read the rest fresh."""

from deferral.events import DomainEvent, event


@event("contact.message_received")
class MessageReceived(DomainEvent):
    """Somebody has written to us. Nobody of us has read it yet."""

    message_id: int


@event("contact.draft_asked_for")
class DraftAskedFor(DomainEvent):
    """Staff want a draft of an answer: the `number`th of this message."""

    message_id: int
    number: int


@event("contact.message_answered")
class MessageAnswered(DomainEvent):
    """Somebody of us has answered. The answer is written; it has yet to be mailed."""

    answer_id: int
