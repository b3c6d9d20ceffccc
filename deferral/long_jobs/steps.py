"""The steps of the job that runs now: what a long task calls."""

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.errors import FenceLost, PayloadTooLarge, Released, Snooze
from deferral.ledger import steps as rows
from deferral.ledger.steps import Progress, Wanted
from deferral.long_jobs.deadline import Deadline
from deferral.registry import TURN
from deferral.running import RunningJob, current_job, stop_if_asked

# Between two signs of progress that nothing but a bar wants, in seconds.
SELDOM = 1.0
# Letters of a cursor or a result, as JSON: as many as a job's arguments have at most.
LARGEST = 16_384
# So many checkpoints make an estimate.
PACE = 6


def step(
    name: str,
    work: Callable[["Step"], Any],
    *,
    total: int | None = None,
    unit: str = "",
    seconds: float | None = None,
) -> Any:
    """What came of the step `name` of the current job: now, or when it was done before.

    `work` returns it, as JSON. It is called until it has returned once and that was written down;
    whatever it did before its last checkpoint need not be done again. It has done what it does
    `total` times when it is over, if that is known. `seconds` is the most between two checkpoints
    where that is less than the task's time limit; SoftTimeLimitExceeded is raised inside `work`
    then. FenceLost, and nothing is written, where another worker has taken the job over.
    """
    job = current_job()
    with job.in_step(name):
        current = Step(job, name, total=total, unit=unit)
        if current.is_over:
            return current.result
        with Deadline(min(seconds or job.time_limit, job.time_limit)) as current.deadline:
            result = work(current)
            return current.result if current.is_over else current.record(result)


def as_read_again(value: Any) -> Any:
    """A tuple is a list. TypeError, ValueError for NaN, PayloadTooLarge over 16 kB: files, and what
    there is many of, stand elsewhere.
    """
    written = json.dumps(value, allow_nan=False)
    if len(written) > LARGEST:
        msg = f"{len(written)} letters of a step's cursor or result; at most {LARGEST}"
        raise PayloadTooLarge(msg)
    return json.loads(written)


class Step:
    """A step under way."""

    deadline: Deadline

    def __init__(self, job: RunningJob, name: str, *, total: int | None, unit: str) -> None:
        self.name = name
        self._job = job
        found = rows.begin(job.claim, name=name, total=total, unit=unit, lease=job.lease)
        if found is None:
            raise FenceLost(job.key)
        wanted, self._now = found
        self._pace = deque([(time.time(), self._now.done)], maxlen=PACE)
        self._furthest = self._now.done
        self._told_at = time.monotonic()
        crashpoint("step_begun")
        self._go_on(wanted)

    @property
    def cursor(self) -> Any:
        """What the last checkpoint said that was committed; None before the first."""
        return self._now.cursor

    @property
    def is_over(self) -> bool:
        """Whether its result is written down."""
        return self._now.is_over

    @property
    def result(self) -> Any:
        """What came of it, once it is over."""
        return self._now.result

    def checkpoint(self, cursor: Any, *, done: int, total: int | None = None) -> None:
        """From here on it goes on from `cursor`, JSON, whatever happens; `done` units are done.

        What failed before is forgiven where `done` is more than ever: a step that begins anew each
        time does not get on. Inside a transaction the checkpoint commits with it. Then, or at once,
        the job's turn may end: by an exception that is not to be caught, after which `work` is
        called again another time. PayloadTooLarge.
        """
        cursor = as_read_again(cursor)
        total = self._now.total if total is None else total
        then = replace(self._now, cursor=cursor, done=done, total=total)
        gets_on = cursor != self._now.cursor and done > self._furthest
        self._furthest = max(self._furthest, done)
        self._save(then, gets_on=gets_on)
        crashpoint("step_checkpoint")

    def advance(self, done: int) -> None:
        """So far it is, for whoever watches; nothing is kept by it. Written once a second. Who
        was further before, and began anew, is as far as then: no bar goes back.
        """
        if time.monotonic() - self._told_at >= SELDOM:
            self._save(replace(self._now, done=max(done, self._now.done)), gets_on=False)

    def record(self, result: Any) -> Any:
        """It is over, and this, JSON, came of it; return it. Only for a step that is to end with
        its effect, in one transaction: any other ends as `work` returns.
        """
        result = as_read_again(result)
        self._save(replace(self._now, result=result, cursor=None, is_over=True), gets_on=True)
        crashpoint("step_recorded")
        return result

    def _save(self, then: Progress, *, gets_on: bool) -> None:
        self._pace.append((round(time.time(), 1), then.done))
        then.pace = list(self._pace)
        self._told_at = time.monotonic()
        job = self._job
        wanted = rows.save(job.claim, name=self.name, now=then, lease=job.lease, gets_on=gets_on)
        if wanted is None:
            raise FenceLost(job.key)
        self.deadline.put_off()
        transaction.on_commit(partial(self._saved, then, wanted, gets_on=gets_on))

    def _saved(self, then: Progress, wanted: Wanted, *, gets_on: bool) -> None:
        """Not before the commit: what is rolled back has not happened here either."""
        self._now = then
        if gets_on:
            self._job.forgive()
        self._go_on(wanted)

    def _go_on(self, wanted: Wanted) -> None:
        """Or not: a person wants something else, the worker leaves, or others have their turn."""
        stop_if_asked(wanted.asked)
        if wanted.worker_leaves:
            raise Released("its worker leaves")
        if self._job.gets_on and self._job.age > TURN and not self.is_over:
            raise Snooze("others have their turn", seconds=0)
