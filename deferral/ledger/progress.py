"""How far a long job is, for whoever watches it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deferral.models import Job, JobStep

# Seconds. What would take longer than a year is no estimate.
LONGEST = 365 * 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class StepProgress:
    """One step. `share` is 0 to 1, None where its end is not known; `left` is an estimate.

    The estimate is made of its last few checkpoints; None before the second, and where it would be
    more than a year. What the job counted may make no sense: these do.
    """

    name: str
    done: int
    total: int | None
    unit: str
    share: float | None
    since: datetime
    ended_at: datetime | None
    left: timedelta | None

    @property
    def took(self) -> timedelta | None:
        """From its beginning to its end, whatever stopped it meanwhile; None before its end."""
        return self.ended_at - self.since if self.ended_at else None


@dataclass(frozen=True, kw_only=True, slots=True)
class JobProgress:
    """A job and its steps, in the order in which they began. `version` changes whenever it does."""

    state: str
    asked: str
    steps: tuple[StepProgress, ...]
    version: str

    @property
    def current(self) -> StepProgress | None:
        """The step that is under way, or was when the job stopped."""
        open_ = [one for one in self.steps if one.ended_at is None]
        return open_[-1] if open_ else None


def progress_of(job: Job) -> JobProgress:
    """Where it stands now: one small read."""
    rows = list(job.steps.all())
    running = job.state == Job.State.RUNNING
    return JobProgress(
        state=job.state,
        asked=job.asked,
        steps=tuple(_step(row, is_running=running) for row in rows),
        version=f"{job.state}-{job.asked}-{job.attempts}-{_latest(rows)}",
    )


def _latest(rows: Sequence[JobStep]) -> str:
    """A step that begins changes none that was there; one that began again may have a new total."""
    seen = max((row.seen_at.timestamp() for row in rows), default=0.0)
    return f"{len(rows)}-{seen:.6f}-{sum(row.total or 0 for row in rows)}"


def _step(row: JobStep, *, is_running: bool) -> StepProgress:
    over = row.ended_at is not None
    return StepProgress(
        name=row.name,
        done=row.done,
        total=row.total,
        unit=row.unit,
        share=1.0 if over else _share(row),
        since=row.started_at,
        ended_at=row.ended_at,
        left=None if over or not is_running else _left(row),
    )


def _share(row: JobStep) -> float | None:
    if row.total is None or row.total <= 0:
        return None
    return min(max(row.done / row.total, 0.0), 1.0)


def _left(row: JobStep) -> timedelta | None:
    """At the rate of the last checkpoints of this run."""
    if row.total is None or len(row.pace) < 2:
        return None
    (first, before), (last, now) = row.pace[0], row.pace[-1]
    if now <= before or last <= first:
        return None
    seconds = max(0.0, (row.total - now) * (last - first) / (now - before))
    return timedelta(seconds=seconds) if seconds <= LONGEST else None
