"""What staff decide about a message: an answer, an end without one, another draft."""

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from audit.keys import entry_key
from audit.services import record
from contact.events import DraftAskedFor, MessageAnswered
from contact.models import Answer, Draft, Message
from contact.selectors import is_given_up
from deferral.errors import NotAllowed
from deferral.events import publish
from deferral.names import new_tag

MEANWHILE = "A colleague has answered or closed it since you opened the page: look at it once more."
GONE = "It has left meanwhile."
UNDER_WAY = "A draft is being made already."
GIVEN_UP = "Its job was given up: another draft was asked for."


@transaction.atomic
def answer_message(*, message_id: int, by: str, reason: str, version: int, words: str) -> None:
    """Write down the answer, which is then mailed once. NotAllowed where somebody was quicker."""
    message = _held(message_id, version)
    number = 1 + (message.answers.aggregate(Max("number"))["number__max"] or 0)
    answer = Answer.objects.create(message=message, number=number, words=words, by=by)
    _settle(message, Message.State.ANSWERED, by=by)
    publish(MessageAnswered(answer_id=answer.pk), subject=message.subject)


@transaction.atomic
def close_message(*, message_id: int, by: str, reason: str, version: int) -> None:
    """Nobody answers it, and its writer is not told. NotAllowed where somebody was quicker."""
    _settle(_held(message_id, version), Message.State.CLOSED, by=by)


@transaction.atomic
def ask_for_draft(*, message_id: int, by: str, reason: str) -> None:
    """Have one more draft made. NotAllowed while one is under way."""
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NotAllowed(GONE)
    for draft in message.drafts.filter(state=Draft.State.ASKED):
        if not is_given_up(draft):
            raise NotAllowed(UNDER_WAY)
        draft.state, draft.problem, draft.ended_at = Draft.State.UNUSABLE, GIVEN_UP, Now()
        draft.save(update_fields=["state", "problem", "ended_at"])
    number = 1 + (message.drafts.aggregate(Max("number"))["number__max"] or 0)
    Draft.objects.create(message=message, number=number, tag=new_tag())
    publish(DraftAskedFor(message_id=message.pk, number=number), subject=message.subject)


def _held(message_id: int, version: int) -> Message:
    """As it is once colleagues are done with it, or NotAllowed."""
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NotAllowed(GONE)
    if message.version != version:
        raise NotAllowed(MEANWHILE)
    return message


def _settle(message: Message, state: str, *, by: str) -> None:
    message.state, message.settled_at = state, Now()
    message.version += 1
    message.save(update_fields=["state", "settled_at", "version"])
    action = f"message_{state}"
    record(
        key=entry_key(action, f"{message.tag}:{message.version}"),
        action=action,
        subject=message.subject,
        reference=message.tag,
        actor=by,
        at=Now(),
        detail={"topic": message.topic},
    )
