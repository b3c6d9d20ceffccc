"""What ends sessions, beside logging out, a new password, and time."""

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import Session

log = structlog.get_logger(__name__)

BATCH = 5_000


@transaction.atomic
def end_sessions(*, user_id: int, by: str, reason: str) -> int:
    """Log somebody out of every browser; return of how many. Safe to repeat.

    A request that is under way ends as it began; the next one of any browser is nobody's.
    """
    ended, _ = Session.objects.filter(user_id=user_id).delete()
    log.info("sessions_ended", user=user_id, count=ended, by=by, reason=reason)
    return ended


def forget_sessions() -> int:
    """Delete what has expired; return how many. Safe to repeat."""
    total, old = 0, Session.objects.filter(expire_date__lte=timezone.now())
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        total += Session.objects.filter(pk__in=batch).delete()[0]
    return total
