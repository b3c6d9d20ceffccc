"""A message has arrived, or was answered: who has to hear of it. None waits for another."""

from collections.abc import Iterator

from contact.events import MessageAnswered, MessageReceived
from contact.models import Answer, Message
from deferral.handlers import Work, handles, job
from notifications.handlers.orders import FRESH
from notifications.tasks import contact as tasks


@handles(MessageReceived)
def tell_of_message(fact: MessageReceived) -> Iterator[Work]:
    """Staff by mail, its writer by another, the CRM, analytics."""
    for message in Message.objects.filter(pk=fact.message_id):
        id_, tag = message.pk, message.tag
        yield job(tasks.tell_of_message, key=f"contact_staff:{tag}", message_id=id_)
        if message.is_acknowledged:
            yield job(tasks.acknowledge_message, key=f"contact_arrived:{tag}", message_id=id_)
        yield job(tasks.tell_crm_of_message, key=f"crm:message:{tag}", message_id=id_)
        key, topic = f"analytics:message_received:{tag}", message.topic
        yield job(tasks.count_message, key=key, tag=tag, topic=topic, lifetime=FRESH)


@handles(MessageAnswered)
def mail_answer(fact: MessageAnswered) -> Iterator[Work]:
    """Once for each answer."""
    for answer in Answer.objects.select_related("message").filter(pk=fact.answer_id):
        key = f"contact_answer:{answer.message.tag}:{answer.tag}"
        yield job(tasks.send_answer, key=key, answer_id=answer.pk)
