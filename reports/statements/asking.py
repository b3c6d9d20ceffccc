"""Asking for a month: its row and its job, once, whoever asks and however often."""

from datetime import date, datetime

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from deferral.events import publish
from orders.models import Order
from reports.errors import MonthNotOver
from reports.events import StatementsAskedFor
from reports.models import StatementRun
from reports.models.statements import month_name
from reports.statements.months import (
    beginning_of,
    is_over,
    month_before,
    month_named,
    month_of,
    months_over,
    next_month,
)

log = structlog.get_logger(__name__)

# Two who ask at once: the second finds the row of the first.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('statements', 0))"


@transaction.atomic
def ask_for_month(month: date, *, by: str, now: datetime | None = None) -> StatementRun:
    """The run of this month: a new one, or the one there is. MonthNotOver."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    if found := StatementRun.objects.filter(month=month).first():
        return found
    since, until = _borders(month)
    if not is_over(until, now or timezone.now()):
        raise MonthNotOver(month_name(month))
    run = StatementRun.objects.create(month=month, since=since, until=until, asked_by=by)
    publish(StatementsAskedFor(run_id=run.pk), subject=run.subject)
    log.info("statements_asked_for", month=run.name, by=by)
    return run


def _borders(month: date) -> tuple[datetime, datetime]:
    """Where the neighbours end and begin: also after the shop has moved to another zone."""
    before = StatementRun.objects.filter(month=month_before(month)).first()
    after = StatementRun.objects.filter(month=next_month(month)).first()
    return (
        before.until if before else beginning_of(month),
        after.since if after else beginning_of(next_month(month)),
    )


def ask_for_missing(*, by: str, now: datetime | None = None) -> list[StatementRun]:
    """A run of every month that is over and has none, the oldest first.

    From the first order on, or from the month of the settings, if that is later.
    """
    now, since = now or timezone.now(), settings.STATEMENTS_SINCE
    first = Order.objects.order_by("id").values_list("created_at", flat=True).first()
    if first is None:
        return []
    begin = max(month_of(first), month_named(since)) if since else month_of(first)
    known = set(StatementRun.objects.values_list("month", flat=True))
    missing = [month for month in months_over(begin, now) if month not in known]
    return [ask_for_month(month, by=by, now=now) for month in missing]
