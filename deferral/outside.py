"""Do the strangers answer? By the ledger's word alone: nobody is asked, and looking is free."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from deferral.figures import Open, Recent
from deferral.registry import TASKS

# Of each task the oldest and the youngest job that failed. Retry and Bury are what became of the
# stranger's word; any other error is our own.
FAILURES = """
SELECT task, errors->0->>'at', errors->-1->>'at', errors->-1->>'message'
FROM deferral_job
WHERE id = ANY(%s) AND state IN ('pending', 'dead') AND errors->-1->>'class' IN ('Retry', 'Bury')
ORDER BY errors->-1->>'at'
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stranger:
    """Somebody outside. `last_answer` within the hour; `failing` jobs wait for another try.

    `failing_since` is set while the last thing heard of them was a failure or a refusal.
    """

    name: str
    last_answer: datetime | None
    failing_since: datetime | None
    failing: int
    message: str


def strangers(open_: Iterable[Open], recent: Iterable[Recent]) -> list[Stranger]:
    """Everybody outside whom a task names, in alphabetical order. One query."""
    ids = [id_ for row in open_ for id_ in (row.first_failed, row.last_failed) if id_]
    failures = _failures(ids) if ids else []
    return [
        _stranger(
            name,
            answers=[row.last_done for row in recent if row.task in its and row.last_done],
            failures=[rest for task, *rest in failures if task in its],
            failing=sum(row.failing for row in open_ if row.task in its),
        )
        for name, its in sorted(_tasks().items(), key=lambda one: one[0].lower())
    ]


def _tasks() -> dict[str, set[str]]:
    """Which tasks tell or ask each of them."""
    found: dict[str, set[str]] = {}
    for spec in TASKS.values():
        if spec.stranger:
            found.setdefault(spec.stranger, set()).add(spec.name)
    return found


def _stranger(
    name: str, *, answers: Sequence[datetime], failures: Sequence[Sequence[str]], failing: int
) -> Stranger:
    answered = max(answers, default=None)
    later = [
        (datetime.fromisoformat(first), message)
        for first, last, message in failures
        if not answered or datetime.fromisoformat(last) > answered
    ]
    return Stranger(
        name=name,
        last_answer=answered,
        failing_since=min((first for first, _ in later), default=None),
        failing=failing,
        message=later[-1][1] if later else "",
    )


def _failures(ids: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(FAILURES, [list(ids)])
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
