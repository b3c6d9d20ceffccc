"""What was done about a subject: a table of every attempt, and each job's on one time axis.

All of a page's axes are the same. A minute is drawn to scale; what took longer on a logarithmic
axis, so that what happened in the first second and what is tried again tomorrow are both seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log1p
from typing import Any

from django.urls import reverse
from django.utils import timezone

from deferral.admin.kit import formatting
from deferral.admin.kit.attempts import Attempt, attempts_of
from deferral.models import Job

# In hundredths of the drawing's width: the least that is visible, and the room of a label.
WIDTH, MIN, LABEL = 100, 0.4, 9
# Up to so many seconds are drawn to scale, with as many marks as this, or fewer.
SHORT, MARKS = 60, 7
STEPS = (0.2, 0.5, 1, 2, 5, 10)
TICKS = (1, 3, 10, 30, 120, 600, 1_800, 7_200, 6 * 3_600, 86_400, 7 * 86_400, 30 * 86_400)
# What became of an attempt that has no failure to tell.
TONES = {"done": "good", "running": "busy"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """From the first decision to the last thing that happened or is planned."""

    start: datetime
    length: float

    @property
    def is_even(self) -> bool:
        """Whether it is drawn to scale; a long one is logarithmic."""
        return self.length <= SHORT

    def at(self, moment: datetime) -> float:
        """Where it stands, from 0 to WIDTH."""
        seconds = min(max((moment - self.start).total_seconds(), 0), self.length)
        share = seconds / self.length if self.is_even else log1p(seconds) / log1p(self.length)
        return round(WIDTH * share, 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Where round times stand, as many as there is room for."""
        last = 0.0
        for seconds in self._round_times():
            x = self.at(self.start + timedelta(seconds=seconds))
            if last + LABEL <= x <= WIDTH - LABEL / 2:
                yield (last := x), label(seconds)

    def _round_times(self) -> Iterator[float]:
        if not self.is_even:
            yield from (seconds for seconds in TICKS if seconds < self.length)
            return
        step = next(step for step in STEPS if self.length <= MARKS * step)
        yield from (step * n for n in range(1, int(self.length / step) + 1))


def label(seconds: float) -> str:
    """`0.5 s`, `20 s`, `10 min`."""
    exact = f"{seconds:g}{formatting.GAP}s"
    return exact if seconds <= SHORT else formatting.span(timedelta(seconds=seconds))


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One attempt as it is read."""

    attempt: Attempt
    tone: str
    waited: str
    ran: str
    next_try: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One job with its attempts, and all of them drawn: `bars` are (class, x, width)."""

    job: Job
    state: str
    address: str
    flower: str
    rows: list[Row]
    bars: list[tuple[str, float, float]]


def timeline(jobs: Sequence[Job], unserved: set[str]) -> dict[str, Any]:
    """For `admin/deferral/_timeline.html`. No query."""
    now = timezone.now()
    attempts = {job.pk: list(attempts_of(job)) for job in jobs}
    axis = _axis([one for its in attempts.values() for one in its], now)
    lines = [_line(job, attempts[job.pk], axis, now, unserved) for job in jobs]
    whole = formatting.span(timedelta(seconds=axis.length))
    facts = {"start": axis.start, "whole": whole, "even": axis.is_even}
    return {"lines": lines, "ticks": list(axis.ticks()), **facts}


def _axis(attempts: Sequence[Attempt], now: datetime) -> Axis:
    start = min((one.due for one in attempts), default=now)
    ends = (one.ended or one.next_try or now for one in attempts)
    end = max(max(ends, default=now), start + timedelta(seconds=1))
    return Axis(start=start, length=(end - start).total_seconds())


def _line(
    job: Job, attempts: Sequence[Attempt], axis: Axis, now: datetime, unserved: set[str]
) -> Line:
    waits = job.state == Job.State.PENDING and job.queue in unserved
    note = f" - nobody serves the queue {job.queue}" if waits else ""
    return Line(
        job=job,
        state=formatting.state_pill(job.state, note),
        address=reverse("admin:deferral_job_change", args=[job.pk]),
        flower=formatting.flower_url(job),
        rows=[_row(one, now) for one in attempts],
        bars=[bar for one in attempts for bar in _bars(one, axis, now)],
    )


def _row(one: Attempt, now: datetime) -> Row:
    ended = one.ended or (now if one.began else None)
    return Row(
        attempt=one,
        tone=TONES.get(one.outcome) or ("bad" if one.ended else "wait"),
        waited=formatting.between(one.due, one.began or (None if one.ended else now)),
        ran=formatting.between(one.began, ended),
        next_try=formatting.clock(one.next_try),
    )


def _bars(one: Attempt, axis: Axis, now: datetime) -> Iterator[tuple[str, float, float]]:
    begun = one.began or one.ended or now
    yield _bar("waited", axis.at(one.due), axis.at(begun))
    if one.began:
        drawn = one.outcome if one.outcome in {"done", "running"} else "failed"
        yield _bar(drawn, axis.at(one.began), axis.at(one.ended or now))
    if one.next_try and one.next_try > now:
        yield _bar("next", axis.at(one.next_try), axis.at(one.next_try))


def _bar(css: str, start: float, end: float) -> tuple[str, float, float]:
    width = round(max(end - start, MIN), 1)
    return css, round(min(start, WIDTH - width), 1), width
