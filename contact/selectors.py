"""Reading messages. Nothing here changes anything."""

from datetime import timedelta

from django.utils import timezone

from accounts.personal_data import NOBODY
from contact.models import Draft, Message
from deferral.models import Job
from orders.models import Order

# An event that has no job after so long had one, which has left.
JOB_THERE_WITHIN = timedelta(days=1)


def order_of(message: Message) -> Order | None:
    """The order that it names, where its address is the order's own. None for anybody else's.

    Anybody may type somebody's number and address: what is shown of it goes to staff, and what
    they answer to the address that has the order's documents already.
    """
    if not message.order_number:
        return None
    found = Order.objects.filter(number=message.order_number, email__iexact=message.email)
    return found.prefetch_related("lines").first()


def message_by_id(message_id: int) -> Message | None:
    """None where it has left, or is nobody's any more and about to."""
    return Message.objects.filter(pk=message_id).exclude(email__endswith=NOBODY).first()


def is_given_up(draft: Draft) -> bool:
    """Whether its job is over without it: a dead letter, discarded, or gone since."""
    over = (Job.State.DEAD, Job.State.DISCARDED)
    if not draft.is_asked:
        return False
    state = Job.objects.filter(key=draft.key).values_list("state", flat=True).first()
    is_late = draft.asked_at < timezone.now() - JOB_THERE_WITHIN
    return state in over or (state is None and is_late)


def newest_draft(message: Message) -> Draft | None:
    """With its calls."""
    return message.drafts.prefetch_related("calls").order_by("-number").first()
