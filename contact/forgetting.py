"""Messages leave: a year after they were settled, or when whoever wrote them wants it."""

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from contact.models import Message

# A customer who complains of an answer does so within a year.
KEPT = timedelta(days=365)
BATCH = 1_000


def forget_messages() -> int:
    """Delete what was settled longer ago, with answers and drafts; return how many. Safe to
    repeat. What nobody has answered stays.
    """
    return forget(Message.objects.filter(settled_at__lt=timezone.now() - KEPT))


def messages_of(address: str) -> QuerySet[Message]:
    """Everything that came from an address, whatever its state and the case it is written in."""
    return Message.objects.alias(small=Lower("email")).filter(small=address.lower())


def forget(found: QuerySet[Message]) -> int:
    """Delete them, with answers and drafts; return how many. Safe to repeat."""
    total = 0
    while batch := list(found.order_by().values_list("pk", flat=True)[:BATCH]):
        Message.objects.filter(pk__in=batch).delete()
        total += len(batch)
    return total
