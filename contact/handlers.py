"""A message wants a draft of its answer, where an AI service is named. Mails are written above."""

from collections.abc import Iterator

from django.conf import settings

from contact import tasks
from contact.events import DraftAskedFor, MessageReceived
from contact.models import Draft, Message, draft_key
from deferral.handlers import JobSpec, handles, job


@handles(MessageReceived)
def draft_first_answer(fact: MessageReceived) -> Iterator[JobSpec]:
    """Nothing where no AI service is named."""
    if settings.AI_URL:
        for message in Message.objects.filter(pk=fact.message_id):
            yield _drafts(message, 1, key=draft_key(message, 1))


@handles(DraftAskedFor)
def draft_another_answer(fact: DraftAskedFor) -> Iterator[JobSpec]:
    """Staff want one."""
    asked = Draft.objects.filter(message_id=fact.message_id, number=fact.number)
    for draft in asked.select_related("message"):
        yield _drafts(draft.message, draft.number, key=draft.key)


def _drafts(message: Message, number: int, *, key: str) -> JobSpec:
    return job(tasks.make_draft, key=key, message_id=message.pk, number=number)
