"""What the admin counts, from one pass over what is open and one over what was settled lately.

Bounded by what is open: a million settled jobs cost nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection

from deferral.ledger.serving import unserved_queues
from deferral.models import Queue
from deferral.registry import queues

# How far back a rate is measured, and how many of the latest settled jobs are looked at.
RATE_OVER = timedelta(minutes=5)
LATEST = 20_000

OPEN = """
SELECT queue, task, service,
       count(*) FILTER (WHERE state = 'pending' AND waited >= '0'),
       count(*) FILTER (WHERE state = 'running'),
       count(*) FILTER (WHERE state = 'dead'),
       max(waited) FILTER (WHERE state = 'pending' AND waited >= '0'),
       count(*) FILTER (WHERE state = 'pending'),
       count(*) FILTER (WHERE state = 'paused')
FROM (
    SELECT queue, task, service, state, clock_timestamp() - next_at AS waited
    FROM deferral_job WHERE state IN ('pending', 'running', 'paused', 'dead')
) open GROUP BY queue, task, service
"""

RECENT = """
SELECT queue, task, count(*), count(*) FILTER (WHERE settled_at > now() - %(rate_over)s),
       max(now() - settled_at)
FROM (
    SELECT queue, task, state, settled_at FROM deferral_job
    WHERE state IN ('done', 'discarded', 'expired') AND settled_at > now() - interval '1 h'
    ORDER BY settled_at DESC LIMIT %(latest)s
) latest GROUP BY queue, task
"""


class Open(NamedTuple):
    """What is not settled, of one task in one queue, for one external service.

    `pending` are due now or later.
    """

    queue: str
    task: str
    service: str
    due: int
    running: int
    dead: int
    oldest: timedelta | None
    pending: int
    paused: int


class Recent(NamedTuple):
    """What was settled within the hour, of one task in one queue."""

    queue: str
    task: str
    settled: int
    within_rate: int
    oldest: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueStatistics:
    """One queue now. `later` wait for another try, a service or a delay, `due` for a worker.

    `oldest` is how long the oldest due job has waited; `wait` how long the last marker did.
    `drain` is how long what is due will take at the present rate; None when nothing moves.
    """

    name: str
    due: int
    later: int
    running: int
    paused: int
    dead: int
    oldest: timedelta | None
    wait: timedelta | None
    served: bool
    per_minute: float
    drain: timedelta | None


def open_work() -> list[Open]:
    """By queue, task and external service: one scan of the index of open jobs."""
    return [Open(*row) for row in _rows(OPEN)]


def recent_work() -> list[Recent]:
    """By queue and task, at most the latest 20,000 jobs of the last hour."""
    return [Recent(*row) for row in _rows(RECENT, {"rate_over": RATE_OVER, "latest": LATEST})]


def queue_statistics(open_: Sequence[Open], recent: Sequence[Recent]) -> list[QueueStatistics]:
    """Every queue, in the order of the settings."""
    waits = dict(Queue.objects.values_list("name", "wait"))
    unserved, minutes = unserved_queues(), _minutes_measured(recent)
    return [
        _queue(
            name,
            [row for row in open_ if row.queue == name],
            sum(row.within_rate for row in recent if row.queue == name) / minutes,
            wait=waits.get(name),
            served=name not in unserved,
        )
        for name in queues()
    ]


def _queue(
    name: str, rows: Sequence[Open], rate: float, *, wait: timedelta | None, served: bool
) -> QueueStatistics:
    due = sum(row.due for row in rows)
    return QueueStatistics(
        name=name,
        due=due,
        later=sum(row.pending for row in rows) - due,
        running=sum(row.running for row in rows),
        paused=sum(row.paused for row in rows),
        dead=sum(row.dead for row in rows),
        oldest=max((row.oldest for row in rows if row.oldest is not None), default=None),
        wait=wait,
        served=served,
        per_minute=rate,
        drain=timedelta(minutes=due / rate) if rate else None,
    )


def _minutes_measured(recent: Sequence[Recent]) -> float:
    """Shorter than RATE_OVER when the latest jobs do not reach that far back."""
    whole = RATE_OVER.total_seconds() / 60
    if sum(row.settled for row in recent) < LATEST:
        return whole
    reached = max(row.oldest for row in recent).total_seconds() / 60
    return min(whole, max(reached, 1 / 60))


def _rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
