"""Telling staff, CRM and analytics of a message, and its writer what became of it."""

import structlog
from django.conf import settings

from contact.models import Answer
from contact.selectors import message_by_id
from deferral.external.http import tell
from notifications import messages
from notifications.delivery import deliver
from notifications.gateway import ANALYTICS, CRM
from notifications.outcomes.not_deliverable import NotDeliverable

log = structlog.get_logger(__name__)


def tell_of_message(*, message_id: int, key: str) -> None:
    """Tell the staff. Nothing of a message that has left."""
    if message := message_by_id(message_id):
        deliver(messages.message_received(message, key=key), message.subject)


def acknowledge_message(*, message_id: int, key: str) -> None:
    """Tell its writer that it arrived.

    An address that is refused for good is no dead letter: anybody may have typed it in.
    """
    message = message_by_id(message_id)
    if message is None:
        return
    try:
        deliver(messages.message_arrived(message, key=key), message.subject)
    except NotDeliverable as refusal:
        log.warning("mail_not_delivered", key=key, reason=refusal.cause)


def send_answer(*, answer_id: int, key: str) -> None:
    """Mail what somebody of us wrote. A refusal is a dead letter: that person has to hear of it."""
    found = Answer.objects.select_related("message").filter(pk=answer_id)
    written = found.first()
    if written and message_by_id(written.message_id):
        deliver(messages.answer(written, key=key), written.message.subject)


def tell_crm_of_message(*, message_id: int, key: str) -> None:
    """Let the CRM know who wrote. Their words stay with us."""
    if message := message_by_id(message_id):
        content = {"message": message.tag, "email": message.email, "name": message.name}
        tell(CRM, f"{settings.CRM_URL}/contacts", key=key, content=content)


def count_message(*, tag: str, topic: str, key: str) -> None:
    """Let analytics count it. It is told of nobody's name, address or words."""
    content = {"event": "message_received", "message": tag, "topic": topic}
    tell(ANALYTICS, f"{settings.ANALYTICS_URL}/events", key=key, content=content)
