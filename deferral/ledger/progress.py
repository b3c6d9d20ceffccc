"""How far a long job is, for whoever watches it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deferral.models import Job, JobStep


@dataclass(frozen=True, kw_only=True, slots=True)
class StepProgress:
    """One step. `share` is 0 to 1, None where its end is not known; `left` is an estimate.

    The estimate is made of its last few checkpoints; None before the second.
    """

    name: str
    done: int
    total: int | None
    unit: str
    share: float | None
    since: datetime
    ended_at: datetime | None
    left: timedelta | None


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
    """Where it stands now: two small reads."""
    rows = list(job.steps.all())
    latest = max((row.seen_at for row in rows), default=job.created_at)
    running = job.state == Job.State.RUNNING
    return JobProgress(
        state=job.state,
        asked=job.asked,
        steps=tuple(_step(row, is_running=running) for row in rows),
        version=f"{job.state}-{job.asked}-{job.attempts}-{latest.timestamp():.3f}",
    )


def _step(row: JobStep, *, is_running: bool) -> StepProgress:
    over = row.ended_at is not None
    share = 1.0 if over else min(row.done / row.total, 1.0) if row.total else None
    return StepProgress(
        name=row.name,
        done=row.done,
        total=row.total,
        unit=row.unit,
        share=share,
        since=row.started_at,
        ended_at=row.ended_at,
        left=None if over or not is_running else _left(row),
    )


def _left(row: JobStep) -> timedelta | None:
    """At the rate of the last checkpoints of this run."""
    if row.total is None or len(row.pace) < 2:
        return None
    (first, before), (last, now) = row.pace[0], row.pace[-1]
    if now <= before or last <= first:
        return None
    return timedelta(seconds=(row.total - now) * (last - first) / (now - before))
