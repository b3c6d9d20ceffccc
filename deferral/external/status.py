"""Do the services answer? By what their breakers observed: none is asked, and looking is free."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from deferral.external.rules import Status, status
from deferral.failure_kinds import CONDITIONS
from deferral.ledger.statistics import Open
from deferral.models import Breaker
from deferral.registry import service_tasks


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """An external service, and how many jobs wait to be told to it.

    `failing_since` is set while the last thing observed of it was a failure, and `failure_kind`
    says in staff's words which.
    """

    name: str
    status: Status
    override: str
    last_answer: datetime | None
    failing_since: datetime | None
    failure_kind: str
    asked_again_at: datetime | None
    waiting: int
    message: str


def services(open_: Iterable[Open]) -> list[Service]:
    """Everybody outside whom a task or a job names, in alphabetical order. One query."""
    rows = {row.name: row for row in Breaker.objects.all()}
    waiting: Counter[str] = Counter()
    for row in open_:
        waiting[row.service] += row.pending
    return [
        _service(rows.get(name) or Breaker(name=name), waiting[name])
        for name in sorted({*rows, *service_tasks()}, key=str.lower)
    ]


def _service(row: Breaker, waiting: int) -> Service:
    stands = status(row, timezone.now())
    return Service(
        name=row.name,
        status=stands,
        override=row.override,
        last_answer=row.answered_at,
        failing_since=row.failing_since,
        failure_kind=CONDITIONS.get(row.failure_kind, "failing"),
        asked_again_at=row.open_until if stands is Status.OPEN and not row.override else None,
        waiting=waiting,
        message=row.message if row.failing_since else "",
    )
