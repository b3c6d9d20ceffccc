"""How a job went, attempt by attempt, as far as its row remembers: the last ten failures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deferral.admin.kit.formatting import cut_error
from deferral.models import Job

# What became of a try, in a word, by the kind of its error.
OUTCOMES = {
    "failed": "failed",
    "exhausted": "failed for good",
    "permanent": "given up",
    "lost": "process died",
    "poison": "poison",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try. `due`: when its waiting began. `ended`: None while it runs.

    `began`: None of a try still to come, and where an old row does not say.
    """

    number: int
    due: datetime
    began: datetime | None = None
    ended: datetime | None = None
    outcome: str
    why: str = ""
    worker: str = ""
    next_try: datetime | None = None


def attempts_of(job: Job) -> Iterator[Attempt]:
    """The failed ones, then the one that succeeded, runs, or is to come."""
    due = job.created_at
    for error in job.errors:
        yield (failed := _failed(error, due))
        due = failed.ended or due
    if job.state in {Job.State.DONE, Job.State.RUNNING}:
        yield Attempt(
            number=job.attempts,
            due=due,
            began=job.started_at,
            ended=job.settled_at,
            outcome=str(job.state),
            worker=job.worker,
        )
    elif job.state == Job.State.PENDING:
        number = job.attempts + 1
        yield Attempt(number=number, due=due, outcome="to come", next_try=job.next_at)
    elif job.state == Job.State.WAITING:
        yield Attempt(number=1, due=due, outcome=f"waits for {job.open_parts} parts")


def _failed(error: Mapping[str, Any], due: datetime) -> Attempt:
    return Attempt(
        number=error.get("attempt", 0),
        due=due,
        began=_moment(error.get("began")),
        ended=_moment(error.get("at")),
        outcome=OUTCOMES.get(error.get("kind", ""), "failed"),
        why=cut_error(error.get("class"), error.get("message")),
        worker=error.get("worker", ""),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
