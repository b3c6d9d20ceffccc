"""What this app keeps of a person: what they wrote to us, what they were answered, and drafts.

All of it goes. What drafts cost stays: it names nobody.
"""

from collections.abc import Mapping

from accounts.personal_data import Fate, Person, PersonalData, Rows
from contact.forgetting import forget, messages_of
from contact.models import Answer, Message
from deferral.errors import Snooze
from deferral.models import Job

BATCH = 100
# Seconds. What a worker has in its hands is over soon.
LOOK_AGAIN = 30.0


def waits_for(person: Person) -> str:
    """What came a moment ago could be a guest's, of after the account's end."""
    if messages_of(person.address).filter(received_at__gt=person.until).exists():
        return "You wrote to us a moment ago: it has to be known whose message it is."
    return ""


def rows(person: Person) -> Mapping[str, Rows]:
    """By the name of the file. Drafts are ours: what they were answered is theirs."""
    mine = messages_of(person.address).filter(received_at__lte=person.until)
    said = ("tag", "topic", "name", "email", "order_number", "words", "state", "received_at")
    answers = Answer.objects.filter(message__in=mine)
    return {
        "messages": mine.values(*said),
        "answers": answers.values("message__tag", "words", "written_at"),
    }


def erase(person: Person) -> int:
    """Some messages: first they are nobody's, then they go. Snooze while a worker still has one in
    its hands: it may be telling others of its writer, who are to forget them only afterwards.
    """
    mine = messages_of(person.address).filter(received_at__lte=person.until)
    some = list(mine.values_list("pk", flat=True)[:BATCH])
    if count := Message.objects.filter(pk__in=some).update(email=person.instead, name=""):
        return count
    nobodys = messages_of(person.instead)
    subjects = [f"message:{tag}" for tag in nobodys.values_list("tag", flat=True)]
    if Job.objects.filter(subject__in=subjects, state=Job.State.RUNNING).exists():
        raise Snooze("a message of theirs is being worked on", seconds=LOOK_AGAIN)
    return forget(nobodys)


PERSONAL = PersonalData(
    rows=rows,
    erase=erase,
    waits_for=waits_for,
    fates={
        "contact.Message.email": Fate.DELETED,
        "contact.Message.name": Fate.DELETED,
        "contact.Message.order_number": Fate.DELETED,
        "contact.Message.words": Fate.DELETED,
        "contact.Answer.words": Fate.DELETED,
        "contact.Draft.words": Fate.DELETED,
        "contact.Draft.problem": Fate.DELETED,
    },
)
