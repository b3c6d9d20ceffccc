"""An order's own summary of what was done for it: the ledger's settled rows leave after 90 days."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Now

from deferral.ledger.selectors import jobs_of
from deferral.models import Job
from deferral.relay.retention import KEPT_DAYS
from orders.models import Order

# Written in the days before the rows leave; several nights may fail.
FIRST_DAY = KEPT_DAYS - 10
TIMES = ("next_at", "created_at", "settled_at")
FIELDS = ("key", "task", "kwargs", "service", "queue", "is_body", "state", "attempts", *TIMES)


def keep_summaries() -> int:
    """Write the summaries that are due; return how many. Safe to repeat."""
    days = {"paid_at__lt": Now() - timedelta(days=FIRST_DAY)}
    due = Order.objects.filter(steps=[], paid_at__gt=Now() - timedelta(days=KEPT_DAYS + 10), **days)
    count = 0
    for order in due.iterator():
        order.steps = list(jobs_of(order.subject).values(*FIELDS))
        order.save(update_fields=["steps"])
        count += 1
    return count


def kept_jobs(order: Order) -> dict[str, Job]:
    """The jobs of the summary by their keys, as they were: unsaved, and only to be looked at."""
    return {row["key"]: Job(**_restored(row)) for row in order.steps}


def _restored(row: dict[str, Any]) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(row[name]) for name in TIMES if row[name]}
    return row | times
