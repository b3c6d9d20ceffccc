"""Asking for a month: its row and its job, once, whoever asks and however often."""

from datetime import date, datetime

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from deferral.events import publish
from deferral.models import Job
from deferral.names import new_tag
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
    """The run of this month: a new one, or the one there is. MonthNotOver.

    One whose job was given up before its figures were frozen begins anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    if found := StatementRun.objects.filter(month=month).first():
        return _begun_anew(found, by=by) if _is_given_up(found) else found
    since, until = _borders(month)
    if not is_over(until, now or timezone.now()):
        raise MonthNotOver(month_name(month))
    run = StatementRun.objects.create(month=month, since=since, until=until, asked_by=by)
    publish(StatementsAskedFor(run_id=run.pk), subject=run.subject)
    log.info("statements_asked_for", month=run.name, by=by)
    return run


def _is_given_up(run: StatementRun) -> bool:
    """Somebody cancelled its job, or discarded it, before every customer had figures."""
    jobs = Job.objects.filter(key=run.key, state=Job.State.DISCARDED)
    return run.frozen_at is None and jobs.exists()


def _begun_anew(run: StatementRun, *, by: str) -> StatementRun:
    """By a job of another name. Figures that are frozen stay, and are not written twice."""
    run.tag, run.told_at, run.missing = new_tag(), None, 0
    run.save(update_fields=["tag", "told_at", "missing"])
    publish(StatementsAskedFor(run_id=run.pk), subject=run.subject)
    log.info("statements_asked_for_anew", month=run.name, by=by)
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
    """A run of every month that is over and has none, or one that was given up, the oldest first.

    From the first order on, or from the month of the settings, if that is later.
    """
    now, since = now or timezone.now(), settings.STATEMENTS_SINCE
    first = Order.objects.order_by("id").values_list("created_at", flat=True).first()
    if first is None:
        return []
    begin = max(month_of(first), month_named(since)) if since else month_of(first)
    known = {run.month for run in StatementRun.objects.all() if not _is_given_up(run)}
    missing = [month for month in months_over(begin, now) if month not in known]
    return [ask_for_month(month, by=by, now=now) for month in missing]
