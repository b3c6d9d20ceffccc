"""Reading messages. Nothing here changes anything."""

from accounts.personal_data import NOBODY
from contact.models import Draft, Message, draft_key
from deferral.models import Job
from orders.models import Order


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
    """Whether its job is over without it: a dead letter, or discarded."""
    over = (Job.State.DEAD, Job.State.DISCARDED)
    key = draft_key(draft.message, draft.number)
    return draft.is_asked and Job.objects.filter(key=key, state__in=over).exists()


def newest_draft(message: Message) -> Draft | None:
    """With its calls."""
    return message.drafts.prefetch_related("calls").order_by("-number").first()
