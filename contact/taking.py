"""A message is written down, with the event from which all the rest follows."""

import uuid
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import transaction

from contact.errors import SentDifferently
from contact.events import MessageReceived
from contact.models import Message
from deferral.crashpoints import crashpoint
from deferral.events import publish


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What somebody typed, once it is checked."""

    topic: str
    name: str
    email: str
    order_number: str
    words: str


@transaction.atomic
def take_message(*, form_key: uuid.UUID, said: Said, is_acknowledged: bool) -> Message:
    """Keep it, once for each form. Sent twice it is one message; SentDifferently for other words.

    `is_acknowledged`: whether its writer may be mailed that it arrived. Our own mailbox never is.
    """
    told = is_acknowledged and said.email.lower() != settings.STAFF_EMAIL.lower()
    facts = asdict(said) | {"is_acknowledged": told}
    message, is_new = Message.objects.get_or_create(form_key=form_key, defaults=facts)
    if is_new:
        publish(MessageReceived(message_id=message.pk), subject=message.subject)
        crashpoint("message_announced")
    elif any(getattr(message, name) != value for name, value in asdict(said).items()):
        raise SentDifferently
    return message
