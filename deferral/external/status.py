"""Do the strangers answer? By what their breakers heard: nobody is asked, and looking is free."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from deferral.external.rules import Standing, standing
from deferral.failure_kinds import STANDING
from deferral.ledger.statistics import Open
from deferral.models import Breaker
from deferral.registry import stranger_tasks


@dataclass(frozen=True, kw_only=True, slots=True)
class Stranger:
    """Somebody outside, and how many jobs wait to be told to them.

    `failing_since` is set while the last thing heard of them was a failure, and `trouble` says in
    staff's words which.
    """

    name: str
    standing: Standing
    forced: str
    last_answer: datetime | None
    failing_since: datetime | None
    trouble: str
    asked_again_at: datetime | None
    waiting: int
    message: str


def strangers(open_: Iterable[Open]) -> list[Stranger]:
    """Everybody outside whom a task or a job names, in alphabetical order. One query."""
    rows = {row.name: row for row in Breaker.objects.all()}
    waiting: Counter[str] = Counter()
    for row in open_:
        waiting[row.stranger] += row.pending
    return [
        _stranger(rows.get(name) or Breaker(name=name), waiting[name])
        for name in sorted({*rows, *stranger_tasks()}, key=str.lower)
    ]


def _stranger(row: Breaker, waiting: int) -> Stranger:
    stands = standing(row, timezone.now())
    return Stranger(
        name=row.name,
        standing=stands,
        forced=row.forced,
        last_answer=row.answered_at,
        failing_since=row.failing_since,
        trouble=STANDING.get(row.trouble, "failing"),
        asked_again_at=row.open_until if stands is Standing.OPEN and not row.forced else None,
        waiting=waiting,
        message=row.message if row.failing_since else "",
    )
