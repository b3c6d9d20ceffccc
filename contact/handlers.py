"""A message wants a draft of its answer, where an AI service is named. Mails are written above."""

from collections.abc import Iterator

from django.conf import settings

from contact import tasks
from contact.events import DraftAskedFor, MessageReceived
from contact.models import Message, draft_key
from deferral.handlers import JobSpec, handles, job


@handles(MessageReceived)
def draft_first_answer(fact: MessageReceived) -> Iterator[JobSpec]:
    """Nothing where no AI service is named."""
    if settings.AI_URL:
        yield from _drafts(fact.message_id, 1)


@handles(DraftAskedFor)
def draft_another_answer(fact: DraftAskedFor) -> Iterator[JobSpec]:
    """Staff want one."""
    yield from _drafts(fact.message_id, fact.number)


def _drafts(message_id: int, number: int) -> Iterator[JobSpec]:
    for message in Message.objects.filter(pk=message_id):
        key = draft_key(message, number)
        yield job(tasks.make_draft, key=key, message_id=message.pk, number=number)
