"""When a breaker opens, whom it lets through, and when it closes: arithmetic on one row.

    closed      everybody calls. It opens when of at least ten calls within a minute half failed.
    open        nobody calls until `open_until`: 30 s, doubling with each opening up to 10 min.
    half-open   after that one call at a time is a probe. Three good ones close it, a bad one opens
                it again. A service that says when to come back (429) is not called until then.

The window slides: of the minute before, the share counts that still lies within the last minute.
All times are the database's, so that a test may choose them.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from deferral.failure_kinds import FailureKind
from deferral.models import Breaker

WINDOW = timedelta(minutes=1)
MIN_CALLS = 10
RATIO = 0.5
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0  # seconds
JITTER = 0.2
GOOD_PROBES = 3
# Longer than nearly any call takes: whoever holds the probe after that has died, or hangs.
PROBE_LEASE = timedelta(seconds=60)
# How long to wait for a probe that somebody else is making, and for a person's word.
PROBE_WAIT, OVERRIDE_WAIT = 2.0, 60.0


class Status(StrEnum):
    """What a breaker does with the next call."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What calls came to. `busy` is how many seconds the service asked us to wait."""

    answers: int = 0
    failures: int = 0
    message: str = ""
    failure_kind: FailureKind | None = None
    busy: float | None = None
    probe: bool = False


def status(row: Breaker, now: datetime) -> Status:
    """A person's word first, then its own."""
    if row.override:
        return Status.OPEN if row.override == Breaker.Override.OPEN else Status.CLOSED
    if row.openings == 0:
        return Status.CLOSED
    return Status.OPEN if row.open_until and now < row.open_until else Status.HALF_OPEN


def pause(row: Breaker, now: datetime) -> float:
    """Seconds until it is worth asking again, of a breaker that lets nobody through now."""
    if row.override:
        return OVERRIDE_WAIT
    if row.open_until and now < row.open_until:
        return (row.open_until - now).total_seconds()
    return PROBE_WAIT


def observe(row: Breaker, observed: Observation, *, now: datetime) -> None:
    """Change the row, in memory, by what calls came to.

    What was begun before it opened and ends afterwards says nothing new.
    """
    if observed.answers:
        row.answered_at = now
    if observed.failures:
        row.message, row.failure_kind = observed.message[:300], observed.failure_kind or ""
    if not row.openings:
        _count(row, observed, now)
    elif observed.probe:
        _observe_probe(row, observed, now)
    elif observed.busy is not None and row.open_until:
        row.open_until = max(row.open_until, now + _retry_after(observed.busy))


def _count(row: Breaker, observed: Observation, now: datetime) -> None:
    if observed.answers:
        _recover(row)
    if observed.failures:
        row.failing_since = row.failing_since or now
    _slide(row, now)
    row.calls += observed.answers + observed.failures
    row.failures += observed.failures
    left = max(1 - (now - row.window_began) / WINDOW, 0)
    calls = row.calls + row.calls_before * left
    failures = row.failures + row.failures_before * left
    too_many = observed.failures and calls >= MIN_CALLS and failures >= RATIO * calls
    if too_many or observed.busy is not None:
        _open(row, now, busy=observed.busy)


def _recover(row: Breaker) -> None:
    row.recovered_from = row.recovered_from or row.failing_since
    row.failing_since = None


def _slide(row: Breaker, now: datetime) -> None:
    age = now - row.window_began
    if age < WINDOW:
        return
    fresh = age < 2 * WINDOW
    row.calls_before, row.failures_before = (row.calls, row.failures) if fresh else (0, 0)
    row.calls = row.failures = 0
    row.window_began = row.window_began + WINDOW if fresh else now


def _observe_probe(row: Breaker, observed: Observation, now: datetime) -> None:
    row.probe_until = None
    if observed.failures:
        _open(row, now, busy=observed.busy)
    elif observed.answers:
        row.good_probes += 1
        if row.good_probes >= GOOD_PROBES:
            _close(row, now)


def _open(row: Breaker, now: datetime, *, busy: float | None) -> None:
    planned = min(FIRST_PAUSE * 2.0 ** min(row.openings, 20), LONGEST_PAUSE)
    jitter = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - jitter, not a secret
    row.openings = min(row.openings + 1, 1_000)
    row.open_until = now + (
        timedelta(seconds=planned * jitter) if busy is None else _retry_after(busy)
    )
    row.good_probes, row.probe_until = 0, None


def _retry_after(seconds: float) -> timedelta:
    """What an external service asks for, within reason."""
    return timedelta(seconds=min(seconds, LONGEST_PAUSE))


def _close(row: Breaker, now: datetime) -> None:
    row.openings = row.good_probes = 0
    row.open_until = None
    _recover(row)
    row.message = row.failure_kind = ""
    row.window_began = now
    row.calls = row.failures = row.calls_before = row.failures_before = 0
