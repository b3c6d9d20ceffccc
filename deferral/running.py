"""The job that this process runs now: what a task may ask about it, and its one commit."""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import replace

from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.errors import Cancelled, FenceLost, NoCurrentJob, Paused
from deferral.ledger import settling
from deferral.ledger.claims import Claim


class RunningJob:
    """The job this process runs now."""

    def __init__(self, claim: Claim, *, time_limit: float, lease: float) -> None:
        self.claim = claim
        self.time_limit, self.lease = time_limit, lease
        self.settled = self.gets_on = False
        self._began = time.monotonic()
        self._steps, self._in_step = set[str](), ""

    @property
    def key(self) -> str:
        """The effect's name for ever: the idempotency key to hand to whoever receives it."""
        return self.claim.key

    @property
    def attempt(self) -> int:
        """The number of this attempt, from 1."""
        return self.claim.attempts

    @property
    def subject(self) -> str:
        """What the job is about, for instance `order:H-10482`."""
        return self.claim.subject

    @property
    def age(self) -> float:
        """Seconds since it was claimed."""
        return time.monotonic() - self._began

    @contextlib.contextmanager
    def in_step(self, name: str) -> Iterator[None]:
        """RuntimeError for a name that this job has had, and for a step within a step."""
        if name in self._steps or self._in_step:
            msg = f"the step {name!r} comes twice, or within the step {self._in_step!r}"
            raise RuntimeError(msg)
        self._steps.add(name)
        self._in_step = name
        try:
            yield
        finally:
            self._in_step = ""

    def forgive(self) -> None:
        """It got on: what failed before counts no more, as its row says."""
        self.claim = replace(self.claim, attempts=1)
        self.gets_on = True

    @contextlib.contextmanager
    def finishing(self) -> Iterator[None]:
        """The one transaction that holds our own effect and the job's `done`.

        Both commit or neither does. FenceLost, and rolled back, when another worker took over, or
        when the job is done already. RuntimeError inside a transaction that could undo both, and
        inside a step of a long job: the job is not over there.
        """
        if self._in_step:
            msg = f"a job does not end within its step {self._in_step!r}"
            raise RuntimeError(msg)
        with transaction.atomic(durable=True):
            yield
            crashpoint("effect_written")
            self._write_done()
            crashpoint("done_written")
        crashpoint("finished")
        self.settled = True

    def finish(self) -> None:
        """Settle as done, unless that has happened. FenceLost when another worker took over."""
        if not self.settled:
            self._write_done()
            self.settled = True

    def _write_done(self) -> None:
        if not settling.finish(self.claim):
            raise FenceLost(self.key)


def stop_if_asked(asked: str) -> None:
    """Raise what a person wants of the job, if anything: see `Job.Asked`."""
    if asked == "pause":
        raise Paused("paused by a person")
    if asked == "cancel":
        raise Cancelled("cancelled by a person")


CURRENT: ContextVar[RunningJob | None] = ContextVar("job", default=None)


def current_job() -> RunningJob:
    """The job being run. NoCurrentJob elsewhere: in the web, in a shell, in a handler."""
    job = CURRENT.get()
    if job is None:
        raise NoCurrentJob
    return job


def finishing() -> contextlib.AbstractContextManager[None]:
    """`current_job().finishing()`: our own effect and `done`, in one transaction."""
    return current_job().finishing()
