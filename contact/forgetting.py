"""Messages leave: a year after they were settled, or when whoever wrote them wants it."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from contact.models import Message

# A customer who complains of an answer does so within a year.
KEPT = timedelta(days=365)
BATCH = 1_000


def forget_messages() -> int:
    """Delete what was settled longer ago, with answers and drafts; return how many. Safe to
    repeat. What nobody has answered stays.
    """
    return _forget(Message.objects.filter(settled_at__lt=timezone.now() - KEPT))


def forget_messages_of(email: str) -> int:
    """The same for everything that came from an address, whatever its state."""
    return _forget(Message.objects.filter(email__iexact=email))


def _forget(found: QuerySet[Message]) -> int:
    total = 0
    while batch := list(found.order_by().values_list("pk", flat=True)[:BATCH]):
        Message.objects.filter(pk__in=batch).delete()
        total += len(batch)
    return total
