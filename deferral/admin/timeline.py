"""What was done about a subject: a table of every attempt, and all of them on one time axis.

The axis is logarithmic: what happened in the first second and what is tried again tomorrow are both
to be seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log1p
from typing import Any

from django.urls import reverse
from django.utils import timezone

from deferral.admin import markup
from deferral.admin.attempts import Attempt, attempts_of
from deferral.models import Job

# The drawing's width, the least that is visible, and the room that a label takes.
WIDTH, LEAST, LABEL = 180, 2, 34
TICKS = (1, 10, 60, 600, 3_600, 6 * 3_600, 86_400, 7 * 86_400, 30 * 86_400)


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """From the first decision to the last thing that happened or is planned."""

    start: datetime
    length: float

    def at(self, moment: datetime) -> float:
        """Where it stands, from 0 to WIDTH."""
        seconds = min(max((moment - self.start).total_seconds(), 0), self.length)
        return round(WIDTH * log1p(seconds) / log1p(self.length), 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Where round times stand, as many as there is room for."""
        last = 0.0
        for seconds in TICKS:
            length = timedelta(seconds=seconds)
            x = self.at(self.start + length)
            if seconds < self.length and last + LABEL <= x <= WIDTH - LABEL / 2:
                yield (last := x), f"{seconds} s" if seconds < 60 else markup.span(length)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One attempt as it is read. `bars` are (class, x, width)."""

    attempt: Attempt
    tone: str
    waited: str
    ran: str
    next_try: str
    bars: list[tuple[str, float, float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One job with its attempts."""

    job: Job
    state: str
    address: str
    flower: str
    rows: list[Row]


def timeline(jobs: Sequence[Job], unserved: set[str]) -> dict[str, Any]:
    """For `admin/deferral/_timeline.html`. No query."""
    now = timezone.now()
    attempts = {job.pk: list(attempts_of(job)) for job in jobs}
    axis = _axis([one for its in attempts.values() for one in its], now)
    lines = [_line(job, attempts[job.pk], axis, now, unserved) for job in jobs]
    return {"lines": lines, "ticks": list(axis.ticks()), "width": WIDTH, "start": axis.start}


def _axis(attempts: Sequence[Attempt], now: datetime) -> Axis:
    start = min((one.due for one in attempts), default=now)
    ends = (one.ended or one.next_try or now for one in attempts)
    end = max(max(ends, default=now), start + timedelta(seconds=1))
    return Axis(start=start, length=(end - start).total_seconds())


def _line(
    job: Job, attempts: Sequence[Attempt], axis: Axis, now: datetime, unserved: set[str]
) -> Line:
    waits = job.state == Job.State.PENDING and job.lane in unserved
    note = f" - nobody serves the lane {job.lane}" if waits else ""
    return Line(
        job=job,
        state=markup.state_pill(job.state, note),
        address=reverse("admin:deferral_job_change", args=[job.pk]),
        flower=markup.flower_url(job),
        rows=[_row(one, axis, now) for one in attempts],
    )


def _row(one: Attempt, axis: Axis, now: datetime) -> Row:
    ended = one.ended or (now if one.began else None)
    return Row(
        attempt=one,
        tone={"done": "good", "running": "busy", "to come": "wait"}.get(one.outcome, "bad"),
        waited=markup.between(one.due, one.began or (None if one.ended else now)),
        ran=markup.between(one.began, ended),
        next_try=markup.clock(one.next_try),
        bars=list(_bars(one, axis, now)),
    )


def _bars(one: Attempt, axis: Axis, now: datetime) -> Iterator[tuple[str, float, float]]:
    begun = one.began or one.ended or now
    yield _bar("waited", axis.at(one.due), axis.at(begun))
    if one.began:
        drawn = one.outcome if one.outcome in {"done", "running"} else "failed"
        yield _bar(drawn, axis.at(one.began), axis.at(one.ended or now))
    if one.next_try and one.next_try > now:
        yield ("next", axis.at(one.next_try) - LEAST, LEAST)


def _bar(css: str, start: float, end: float) -> tuple[str, float, float]:
    return css, start, round(max(end - start, LEAST), 1)
