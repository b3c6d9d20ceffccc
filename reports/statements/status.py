"""How far a month is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Concat

from deferral.models import Job
from reports.models import Statement, StatementFile, StatementRun

MAKING = ("reports.make_statements", "reports.write_statement")
LIVE = (Job.State.WAITING, Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED)
NAME = Func(F("month"), Value("YYYY-MM"), function="to_char", output_field=CharField())


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """Statements that are frozen, and of those the written ones.

    `has_sums`: the month's own paper is written, too. `is_over`: no job of it is under way, and the
    bookkeeper knows.
    """

    frozen: int
    made: int
    has_sums: bool
    is_over: bool

    @property
    def open(self) -> int:
        """Papers that are not written: statements, and the month's sums."""
        return self.frozen - self.made + (not self.has_sums)

    @property
    def outcome(self) -> str:
        """`9,998 made, 2 need somebody`: of a month that is over."""
        needs = "needs" if self.open == 1 else "need"
        return f"{self.made:,} made" + (f", {self.open:,} {needs} somebody" if self.open else "")

    @property
    def words(self) -> str:
        """The same, or that it is under way."""
        return self.outcome if self.is_over else f"{self.made:,} made, under way"


def with_status(runs: QuerySet[StatementRun]) -> QuerySet[Any]:
    """Each with what its status is made of: see `as_read`."""
    files = StatementFile.objects.filter(run=OuterRef("pk"))
    subject = Concat(Value("statements:"), OuterRef("its_name"))
    live = Job.objects.filter(subject=subject, task__in=MAKING, state__in=LIVE)
    return runs.annotate(
        its_name=NAME,
        frozen=_count(Statement.objects.filter(run=OuterRef("pk"))),
        made=_count(files.filter(statement__isnull=False)),
        has_sums=Exists(files.filter(statement=None)),
        is_live=Exists(live),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("run").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def as_read(run: Any) -> Status:
    """Of a row that was read with it."""
    return Status(
        frozen=run.frozen,
        made=run.made,
        has_sums=run.has_sums,
        is_over=run.told_at is not None and not run.is_live,
    )


def status_of(run: StatementRun) -> Status:
    """Now. One query."""
    return as_read(with_status(StatementRun.objects.filter(pk=run.pk)).get())


def open_statements(run: StatementRun) -> list[Statement]:
    """Those that are not written, the first of them."""
    found = run.statements.filter(file=None).defer("content").select_related("run")
    return list(found.order_by("customer")[:50])
