"""The long job of a month: freeze every customer's figures, have each written, sum them up.

A thousand customers are one commit: their rows, their jobs, and the checkpoint behind them.
Whatever interrupts it, nobody is left out and nobody comes twice.
"""

from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from deferral.fan_out import add_parts
from deferral.handlers import job
from deferral.ledger.dead_letters import Pace
from deferral.long_jobs import Step, step
from deferral.tasks import finishing
from reports.models import Statement, StatementRun
from reports.statements.content import content_of, together
from reports.statements.entries import count_customers, customers, entries_of
from reports.statements.telling import tell_if_mended
from reports.statements.writing import write_sums

CHUNK = 1_000
# Seconds from one statement to the next: what one process takes for it, so that whatever else is
# asked for in `bulk` meanwhile is not behind all of them.
GAP = 0.03


def make_month(*, run_id: int) -> None:
    """Make it, from wherever it is. Each step is done once."""
    run = StatementRun.objects.get(pk=run_id)
    total = step("customers", lambda _: count_customers(run.since, run.until))
    step("figures", partial(freeze_all, run), total=total, unit="customers")
    step("sums", partial(freeze_sums, run))
    run.refresh_from_db()
    step("paper", partial(write_sums, run))
    with finishing():
        tell_if_mended(run)


def freeze_all(run: StatementRun, current: Step) -> int:
    """Every customer's figures, and the job that writes them down. A step's work."""
    at = current.cursor or {"after": None, "done": 0}
    while chunk := customers(run.since, run.until, after=at["after"], most=CHUNK):
        pace = Pace(gap=GAP, first=at["done"])
        at = {"after": chunk[-1], "done": at["done"] + len(chunk)}
        with transaction.atomic():
            rows = freeze(run, chunk)
            specs = [job("reports.write_statement", key=r.key, statement_id=r.pk) for r in rows]
            add_parts(specs, pace=pace)
            current.checkpoint(at, done=at["done"])
    return int(at["done"])


def freeze(run: StatementRun, boxes: list[str]) -> list[Statement]:
    """The rows of these customers. One that stands stays as it is."""
    found = entries_of(boxes, run.since, run.until)
    rows = [Statement(run=run, customer=box, content=content_of(found[box])) for box in found]
    Statement.objects.bulk_create(rows, ignore_conflicts=True)
    kept = Statement.objects.filter(run=run, customer__in=boxes).order_by("customer")
    return list(kept.defer("content").select_related("run"))


def freeze_sums(run: StatementRun, _step: Step) -> int:
    """The month's figures; return how many statements they are made of."""
    rows = Statement.objects.filter(run=run).order_by()
    sums = together(rows.values_list("content__sums", flat=True).iterator())
    count = rows.count()
    totals = {"statements": count, "sums": sums}
    StatementRun.objects.filter(pk=run.pk, frozen_at=None).update(totals=totals, frozen_at=Now())
    return count
